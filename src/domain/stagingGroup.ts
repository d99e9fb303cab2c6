import { buildOfAttempt } from "./buildId.ts";
import type { Attempt } from "./plan.ts";
import { sameId } from "./resourceId.ts";

/**
 * Whether image builder made a resource group for an attempt's template: by the marks that it puts on such a group, and
 * by the tags that the template has it put there. The rest of the proof is whoever asks: the name is that of an attempt
 * in a plan that was kept before anything was made. A group that was there before is marked as used, not as created,
 * and stays its owner's.
 */
export function isMadeForTemplate(
  tags: Readonly<Record<string, string>>,
  { templateName }: Pick<Attempt, "templateName">,
  { installationId, templateResourceGroup }: { installationId: string; templateResourceGroup: string },
): boolean {
  // Names of tags differ by more than their case.
  const tag = (name: string) => Object.entries(tags).find(([one]) => sameId(one, name))?.[1];
  return (
    tag("createdBy") !== undefined &&
    tag("usedBy") === undefined &&
    sameId(tag("imageTemplateName") ?? "", templateName) &&
    sameId(tag("imageTemplateResourceGroupName") ?? "", templateResourceGroup) &&
    tag("goldsmith-installation") === installationId &&
    tag("goldsmith-build") === buildOfAttempt(templateName.toLowerCase())?.buildId
  );
}
