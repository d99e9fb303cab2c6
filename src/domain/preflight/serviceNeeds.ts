import { definitionIdOf, isSharedImage } from "../destination.ts";
import type { WholePlan } from "../plan.ts";
import { differentIds, parentOf } from "../resourceId.ts";
import { subscriptionIdOf } from "./subscription.ts";

/** What it takes to give access, and to take it away again. */
export const TO_GRANT = [
  "Microsoft.Authorization/roleAssignments/write",
  "Microsoft.Authorization/roleAssignments/delete",
];

/** What the service does with a template, and with what its run tells of having made. */
export const TO_BUILD = ["read", "write", "delete", "run/action", "cancel/action", "runOutputs/read"].map(
  (verb) => `Microsoft.VirtualMachineImages/imageTemplates/${verb}`,
);

/** What it does with the managed image of a VHD, beside. */
export const TO_IMPORT = ["read", "write", "delete"].map((verb) => `Microsoft.Compute/images/${verb}`);

/** What it takes to read the log of a run, in whatever storage account image builder makes for it. */
export const TO_READ_LOGS = ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"];

/** What Azure asks of whoever names an identity in a template. */
export const TO_USE_BUILDER = ["Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"];

/** What it takes to let a version become the latest. */
export const TO_PUBLISH = ["read", "write"].map((verb) => `Microsoft.Compute/galleries/images/versions/${verb}`);

/** What it does with what lies in the container that it puts scripts into. */
export const TO_KEEP_SCRIPTS = ["read", "write"].map(
  (verb) => `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${verb}`,
);

/** The resource group that templates are made in. */
export function templateGroupOf(plan: WholePlan): string {
  return `/subscriptions/${subscriptionIdOf(plan)}/resourceGroups/${plan.templateResourceGroup}`;
}

/** The identity that image builder acts as. */
export function builderOf({ template }: Pick<WholePlan, "template">): string {
  return Object.keys(template.identity.userAssignedIdentities)[0] ?? "";
}

/** What the service does where templates are. */
export function toMake({ importedImage }: Pick<WholePlan, "importedImage">): readonly string[] {
  return importedImage ? [...TO_BUILD, ...TO_IMPORT] : TO_BUILD;
}

/** The galleries in which versions wait for somebody to approve that they become the latest, each once. */
export function publishedGalleriesOf({ publishSeconds, template }: WholePlan): string[] {
  if (publishSeconds === undefined) return [];
  const definitions = template.distribute.filter(isSharedImage).map((target) => definitionIdOf(target.galleryImageId));
  return differentIds(definitions.map(parentOf));
}

/** What the service has to be allowed, by scopes, of which one may come up twice. */
export function serviceNeeds(
  plan: WholePlan,
): { scope: string; actions: readonly string[]; dataActions?: readonly string[] }[] {
  const { scriptContainer } = plan;
  return [
    ...plan.grants.map(({ scope }) => ({ scope, actions: TO_GRANT })),
    // Where staging groups will be nobody knows yet; what reaches them all reaches this group.
    { scope: templateGroupOf(plan), actions: toMake(plan), dataActions: TO_READ_LOGS },
    { scope: builderOf(plan), actions: TO_USE_BUILDER },
    ...publishedGalleriesOf(plan).map((scope) => ({ scope, actions: TO_PUBLISH })),
    ...(scriptContainer === undefined ? [] : [{ scope: scriptContainer, actions: [], dataActions: TO_KEEP_SCRIPTS }]),
  ];
}
