import { mayDo } from "../authorization/access.ts";
import type { Azure } from "../azure.ts";
import type { PackerPhase, RunPhase, TargetType } from "../scenarios/scenario.ts";
import { isWindowsBuild } from "./sourceImage.ts";
import type { Customizer, Validator } from "./templateSchema.ts";
import { IMAGE_BUILDER, type Template, templatePrincipal } from "./templateState.ts";

/** What scenarios do to a template: each is asked for where Azure would find the same by itself. */

/** Whether image builder may do something as a template's identity. */
export function builderMayDo(azure: Azure, template: Template, action: string, id: string): boolean {
  const principal = templatePrincipal(azure, template);
  const withheld = azure.faults.effects("access", template.name).flatMap(({ effect }) => effect.withheld);
  return principal !== undefined && !withheld.includes(action) && mayDo(azure, principal, action, id);
}

/** Changes what there is, just before image builder looks. */
export function changeGround(azure: Azure, template: Template, before: "creation" | "run" | "deletion"): void {
  for (const found of azure.faults.effects("ground", template.name))
    if (found.effect.before === before && found.effect.change(azure, template)) found.happen();
}

/** Whether image builder does not find the source. */
export function isSourceGone(azure: Azure, template: Template, before: "creation" | "run"): boolean {
  return azure.faults.take("source", template.name, ({ effect }) => effect.before === before) !== undefined;
}

/** Why a template's creation or deletion fails. */
export function templateScenario(
  azure: Azure,
  template: Template,
  on: "creation" | "deletion",
): { code: string; message: string } | undefined {
  const found = azure.faults.take(on, template.name);
  return found && { code: found.effect.code, message: filled(azure, template, found.effect.message) };
}

/**
 * Why a run fails in a phase.
 *
 * @param targets kinds of what it distributes to.
 * @returns also the kind of target that alone is struck, where it is one.
 */
export function runScenario(
  azure: Azure,
  template: Template,
  phase: RunPhase,
  targets: TargetType[] = [],
): { message: string; target?: TargetType } | undefined {
  const found = azure.faults.take(
    "run",
    template.name,
    ({ effect }) => effect.phase === phase && (!effect.target || targets.includes(effect.target)),
  );
  if (!found) return undefined;
  const { message, target } = found.effect;
  return { message: filled(azure, template, message), ...(target && { target }) };
}

/** Why packer gives up in a phase, or nothing where it just does not get on; and what it says before. */
export function packerScenario(
  azure: Azure,
  template: Template,
  phase: PackerPhase,
): { problem?: string; log: string[] } | undefined {
  const found = azure.faults.take("packer", template.name, ({ effect }) => effect.phase === phase);
  if (!found) return undefined;
  const { problem, log: lines = [] } = found.effect;
  const log = lines.map((line) => filled(azure, template, line));
  return { log, ...(problem === undefined ? {} : { problem: filled(azure, template, problem) }) };
}

/** What steps fetch: scripts and files, in order. */
export const fetchedBy = (steps: (Customizer | Validator)[]) =>
  steps.flatMap((one) => {
    const file = "sourceUri" in one && one.sourceUri;
    const uri = file || ("scriptUri" in one && one.scriptUri);
    return uri
      ? [{ uri, isFile: Boolean(file), sha256Checksum: "sha256Checksum" in one ? one.sha256Checksum : null }]
      : [];
  });

function filled(azure: Azure, template: Template, text: string): string {
  const { customize, source } = template.body.properties;
  return fillText(text, {
    staging:
      template.body.properties.stagingResourceGroup ||
      template.hidden.staging?.groupId ||
      `/subscriptions/${azure.landscape.subscriptionId}/resourceGroups/IT_${template.name}`,
    script: fetchedBy(customize ?? [])[0]?.uri ?? "https://example.test/script.sh",
    "image-builder": IMAGE_BUILDER,
    operation: template.hidden.run?.operation ?? "",
    protocol: isWindowsBuild(azure, source) ? "WinRM" : "SSH",
  });
}

/** Puts values where a text has `{name}`; what it has no value for stays. */
export function fillText(text: string, values: Record<string, string>): string {
  return text.replace(/\{([\w-]+)\}/g, (whole, name: string) => values[name] ?? whole);
}
