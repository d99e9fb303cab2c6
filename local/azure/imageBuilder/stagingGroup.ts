import { groupNameOf, sameId } from "../arm/resourceId.ts";
import { keptTags, type Tags } from "../arm/tags.ts";
import { storeAssignment } from "../authorization/access.ts";
import { CONTRIBUTOR } from "../authorization/builtInRoles.ts";
import { requireAllowed } from "../authorization/policy/requireAllowed.ts";
import type { Azure } from "../azure.ts";
import { createGroup, resourceGroups } from "../resources/resourceGroups.ts";
import { storageAccounts } from "../storage/storageAccounts.ts";
import { findResource, removeResource, resourcesWithin } from "../store/resources.ts";
import { put, refusal } from "./builderCalls.ts";
import type { Problem } from "./creationChecks.ts";
import { builderMayDo } from "./goesWrong.ts";
import { IMAGE_BUILDER, type Template, templatePrincipal } from "./templateState.ts";

/** The readable part of a default name is cut to this. */
const READABLE_LENGTH = 40;

/** Of the staging account; shared keys are not denied there. */
const STORAGE = { sku: { name: "Standard_LRS" }, kind: "StorageV2" };

/** What stands against the staging group that a template names; nothing if all is well. */
export function stagingProblem(azure: Azure, template: Template): string | undefined {
  const id = template.body.properties.stagingResourceGroup;
  const group = id ? findResource(azure, id) : undefined;
  if (!group) return undefined;
  const { imageTemplateName } = (group.body.tags ?? {}) as Record<string, string>;
  if (imageTemplateName && !sameId(imageTemplateName, template.name)) return ofAnother(id);
  if (!sameId(String(group.body.location), template.body.location)) {
    return `The staging resource group ${id} must be in the same region as the image template.`;
  }
  if (contentsOf(azure, id).length > 0) return `The staging resource group ${id} must be empty.`;
  return rightProblem(azure, template, id);
}

/** Ids of the resources in a group; what is assigned to it is not in it. */
function contentsOf(azure: Azure, groupId: string): string[] {
  const resources = resourcesWithin(azure, groupId);
  return resources.filter(({ type }) => azure.resourceTypes.find(type)?.tracked).map(({ id }) => id);
}

/** The same once a run begins: the group must be there still, with the template's marks and the identity's right. */
export function stagingProblemOfRun(azure: Azure, template: Template): string | undefined {
  const id = template.body.properties.exactStagingResourceGroup;
  const group = findResource(azure, id);
  if (!group) return `ResourceGroupNotFound: Resource group '${groupNameOf(id)}' could not be found`;
  const marks = marksOf(template);
  const tags = (group.body.tags ?? {}) as Record<string, string>;
  const marked = Object.entries(marks).every(([name, value]) => sameId(tags[name] ?? "", value));
  return marked ? rightProblem(azure, template, id) : ofAnother(id);
}

const ofAnother = (id: string) =>
  `Provided staging resource group may be used by another image template. Resource group: ${id}`;

function rightProblem(azure: Azure, template: Template, id: string): string | undefined {
  if (builderMayDo(azure, template, "Microsoft.Compute/virtualMachines/write", id)) return undefined;
  return `Not authorized to access the resource: ${id}. Please check the user assigned identity has the correct permissions.`;
}

/** Tags by which a group is known to be a template's. */
const marksOf = ({ id, name }: Template) => ({
  imageTemplateName: name,
  imageTemplateResourceGroupName: groupNameOf(id),
});

/**
 * Makes what a template needs until it is deleted: its group, the identity's right there, the storage account.
 *
 * @returns why a policy does not let it; what was made before stays until then.
 */
export function createStaging(azure: Azure, template: Template): Problem | undefined {
  const { properties, location } = template.body;
  const named = properties.stagingResourceGroup;
  const existing = named ? findResource(azure, named) : undefined;
  const id = existing?.id ?? groupId(azure, template);
  let tags: Tags = {
    ...(existing?.body.tags as Tags | undefined),
    ...properties.managedResourceTags,
    [existing ? "usedBy" : "createdBy"]: "AzureVMImageBuilder",
    ...marksOf(template),
  };
  const noGroup = refusal(() => {
    tags = keptTags(tags);
    requireAllowed(azure, resourceGroups, id, { location, tags });
  });
  if (noGroup) return { code: "Other", message: noGroup };
  if (existing) existing.body.tags = tags;
  else {
    createGroup(azure, id, location, { tags });
    assignContributor(azure, template, id);
    template.hidden.stagingGroup = id;
  }
  const account = azure.random.letters(24, "account", template.hidden.creation);
  const accountId = `${id}/providers/${storageAccounts.type}/${account}`;
  const noAccount = refusal(() => put(azure, storageAccounts, accountId, { location, tags: { ...tags }, ...STORAGE }));
  if (noAccount) return { code: "NoCustomizerScript", message: `Failed to stage the customizer scripts: ${noAccount}` };
  template.hidden.staging = { groupId: id, account };
  properties.exactStagingResourceGroup = id;
  return undefined;
}

function groupId(azure: Azure, { id, name, body, hidden }: Template): string {
  if (body.properties.stagingResourceGroup) return body.properties.stagingResourceGroup;
  const readable = `${groupNameOf(id)}_${name}`.slice(0, READABLE_LENGTH);
  const guid = azure.random.guid("staging group", hidden.creation);
  return `/subscriptions/${azure.landscape.subscriptionId}/resourceGroups/IT_${readable}_${guid}`;
}

/** Image builder may count on it at once. */
export function assignContributor(azure: Azure, template: Template, scope: string): void {
  const name = azure.random.guid("staging assignment", template.hidden.creation);
  const principalId = templatePrincipal(azure, template) ?? "";
  storeAssignment(azure, { name, scope, roleDefinition: CONTRIBUTOR, principalId, createdBy: IMAGE_BUILDER });
}

/** A group that image builder made goes; one that it was given stays, empty and without its marks. */
export function removeStaging(azure: Azure, { hidden }: Template): void {
  const { staging, stagingGroup } = hidden;
  if (stagingGroup) return removeResource(azure, stagingGroup);
  const group = staging && findResource(azure, staging.groupId);
  if (!group) return;
  removeResource(azure, ...contentsOf(azure, group.id));
  const {
    usedBy: _,
    imageTemplateName: __,
    imageTemplateResourceGroupName: ___,
    ...tags
  } = group.body.tags as Record<string, string>;
  group.body.tags = tags;
}
