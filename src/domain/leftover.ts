import { roleAssignmentId, type Grant } from "./grant.ts";
import type { Attempt, Plan } from "./plan.ts";
import type { Leftover } from "./receipt.ts";

/** Begins the reason where it is not known whether a thing is left: it is listed, since nobody has seen it gone. */
export const NOT_READ_BACK = "Whether it is gone could not be read back";

/** In the reason where the lease has said so: only then a build may tell how to remove the grant. */
export const HELD_BY_NOBODY_ELSE = "No other build holds it.";

/** @param isOthers whether other builds hold it, or may: nobody may be told to pull it from under them. */
export function grantLeft(grant: Grant, why: string, isOthers: boolean): Leftover {
  const id = roleAssignmentId(grant);
  if (!isOthers) return { id, why, command: `az role assignment delete --ids ${id}` };
  const advice = `Other builds may hold it: look at leases/${grant.name}.json in the archive before deleting it.`;
  return { id, why: `${why.replace(/\.?$/, ".")} ${advice}` };
}

/** What a removal has left: a template has its staging resource group, whose storage is paid for. */
export function removalLeft(
  plan: Pick<Plan, "templateResourceGroup">,
  attempt: Attempt,
  {
    left,
    why,
    isTemplateProven = false,
    isGroupProven = false,
  }: {
    left: "nothing" | "template" | "staging group" | "template and staging group";
    why: string;
    isTemplateProven?: boolean;
    isGroupProven?: boolean;
  },
): Leftover[] {
  return [
    ...(left.startsWith("template") ? [templateLeft(plan, attempt, why, isTemplateProven)] : []),
    ...(left.endsWith("staging group") ? [(isGroupProven ? stagingGroupLeft : unprovenGroupLeft)(attempt, why)] : []),
  ];
}

function templateLeft(
  plan: Pick<Plan, "templateResourceGroup">,
  attempt: Attempt,
  why: string,
  isProven: boolean,
): Leftover {
  const subscription = attempt.stagingResourceGroup.split("/").slice(0, 3).join("/");
  const id =
    `${subscription}/resourceGroups/${plan.templateResourceGroup}` +
    `/providers/Microsoft.VirtualMachineImages/imageTemplates/${attempt.templateName}`;
  if (isProven) return templateLeftAs(id, why);
  return unproven(id, why, "Nobody has seen whether it is this build's: look at who made it before deleting it.");
}

/** @param id of a template that is proven to be the service's. */
export function templateLeftAs(id: string, why: string): Leftover {
  return { id, why, command: `az resource delete --ids ${id}` };
}

function unprovenGroupLeft({ stagingResourceGroup }: Attempt, why: string): Leftover {
  const advice = "Nobody has seen whether image builder made it for this build: look at its tags before deleting it.";
  return unproven(stagingResourceGroup, why, advice);
}

/** Nobody may be told to delete what could be somebody else's. */
function unproven(id: string, why: string, advice: string): Leftover {
  return { id, why: `${why.replace(/\.?$/, ".")} ${advice}` };
}

/** @param attempt whose group, if there is one, is proven to be image builder's. */
export function stagingGroupLeft({ stagingResourceGroup }: Attempt, why: string): Leftover {
  const [, , subscription, , name] = stagingResourceGroup.split("/");
  return {
    id: stagingResourceGroup,
    why,
    command: `az group delete --subscription ${subscription} --name ${name} --yes`,
  };
}
