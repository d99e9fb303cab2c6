import type { WholePlan } from "../../src/domain/plan.ts";
import type { TestCloud } from "./cloud.ts";
import { finish, grantBuilder, TEMPLATE_GROUP, templateModel, waitForRun } from "./cloudTemplates.ts";

/** A fault of the ground that the preflight is to find, and that fails a build which is forced. */
export interface Fault {
  what: string;
  /** Of the finding. */
  code: string;
  /** Of what image builder says. */
  text: string;
  /** Makes it so; the ground of the landscape otherwise. */
  make?: () => Promise<unknown>;
  plan?: WholePlan;
}

/** The build that a plan is of, whatever the preflight says of it. @returns what image builder says in the end. */
export async function forced(cloud: TestCloud, { template }: WholePlan): Promise<string> {
  const { virtualMachineImageTemplates: templates } = cloud.service.imageBuilder;
  const { tags, source, customize = [], vmProfile, managedResourceTags, distribute } = template;
  const notGranted = await grantBuilder(cloud).then(() => "", refusalOf);
  if (notGranted) return notGranted;
  await cloud.pass(60);
  const made = templates.createOrUpdate(
    TEMPLATE_GROUP,
    "t",
    templateModel({ tags, source, customize, vmProfile, managedResourceTags, distribute }),
  );
  const refusal = await finish(cloud, made).then(() => "", refusalOf);
  for await (const { provisioningState, provisioningError } of templates.listByResourceGroup(TEMPLATE_GROUP))
    if (provisioningState !== "Succeeded")
      return `${provisioningError?.provisioningErrorCode}: ${provisioningError?.message}`;
  if (refusal) return refusal;
  await templates.run(TEMPLATE_GROUP, "t").submitted();
  const run = await waitForRun(cloud, "t");
  return `${run?.runState}: ${run?.message}`;
}

/** What Azure says against a request, with its code where it has one. */
function refusalOf({ code, message }: Error & { code?: string }): string {
  return code ? `${code}: ${message}` : message;
}
