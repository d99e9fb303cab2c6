import type { WholePlan } from "../../src/domain/plan.ts";
import type { TestCloud } from "./cloud.ts";
import { finish, galleryTarget, grantBuilder, TEMPLATE_GROUP, templateModel, waitForRun } from "./cloudTemplates.ts";

/** The build that a plan is of, whatever the preflight says of it. @returns what image builder says in the end. */
export async function forced(cloud: TestCloud, { template }: WholePlan): Promise<string> {
  const { virtualMachineImageTemplates: templates } = cloud.service.imageBuilder;
  const { galleryImageId, targetRegions, artifactTags } = template.distribute[0];
  const { tags, source, vmProfile, managedResourceTags } = template;
  await grantBuilder(cloud);
  await cloud.pass(60);
  const made = templates.createOrUpdate(
    TEMPLATE_GROUP,
    "t",
    templateModel({
      tags,
      source,
      vmProfile,
      managedResourceTags,
      distribute: [galleryTarget({ galleryImageId, targetRegions, artifactTags })],
    }),
  );
  let refusal = "";
  await finish(cloud, made).catch((error: Error) => (refusal = error.message));
  for await (const { provisioningState, provisioningError } of templates.listByResourceGroup(TEMPLATE_GROUP))
    if (provisioningState !== "Succeeded")
      return `${provisioningError?.provisioningErrorCode}: ${provisioningError?.message}`;
  if (refusal) return refusal;
  await templates.run(TEMPLATE_GROUP, "t").submitted();
  const run = await waitForRun(cloud, "t");
  return `${run?.runState}: ${run?.message}`;
}
