import type { ImageTemplate } from "@azure/arm-imagebuilder";
import { builderIdentity, landscape, landscapeSettings } from "../../local/landscape.ts";
import { SOURCE_IMAGE, type TestCloud } from "./cloud.ts";

const subscription = `/subscriptions/${landscape.subscriptionId}`;

/** Ids of the landscape. */
export const ids = {
  subscription,
  templateGroup: `${subscription}/resourceGroups/rg-goldsmith-templates`,
  imageGroup: `${subscription}/resourceGroups/rg-images`,
  sourceGroup: `${subscription}/resourceGroups/rg-sources`,
  definition: `${subscription}/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/goldsmith/images/aks-jumpbox`,
  network: `${subscription}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-builds`,
  subnet: `${subscription}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-builds/subnets/snet-builds`,
  template: (name: string) =>
    `${subscription}/resourceGroups/rg-goldsmith-templates/providers/Microsoft.VirtualMachineImages/imageTemplates/${name}`,
  role: (guid: string) => `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${guid}`,
  assignment: (scope: string, guid: string) => `${scope}/providers/Microsoft.Authorization/roleAssignments/${guid}`,
};

export const TEMPLATE_GROUP = "rg-goldsmith-templates";

/** Names of the two role assignments of `grantBuilder`. */
export const grants = {
  imageCreation: "9d3f4f0e-5d0b-4d7e-9b0a-000000000001",
  networkJoin: "9d3f4f0e-5d0b-4d7e-9b0a-000000000002",
};

/** Gives the builder identity the two leased roles, as the service does; returns before they are effective. */
export async function grantBuilder(
  { service }: TestCloud,
  only?: keyof typeof grants,
  more: { condition?: string; conditionVersion?: string } = {},
): Promise<void> {
  const { roleAssignments } = service.authorization;
  const assign = (scope: string, name: string, role: string) =>
    roleAssignments.create(scope, name, {
      roleDefinitionId: ids.role(role),
      principalId: builderIdentity.principalId,
      principalType: "ServicePrincipal",
      ...more,
    });
  if (only !== "networkJoin") {
    await assign(ids.imageGroup, grants.imageCreation, landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE);
  }
  if (only !== "imageCreation") {
    await assign(ids.network, grants.networkJoin, landscapeSettings.GOLDSMITH_NETWORK_JOIN_ROLE);
  }
}

/** A template that works, by the SDK's model. */
export function templateModel(changes: Partial<ImageTemplate> = {}): ImageTemplate {
  return {
    location: "westeurope",
    identity: { type: "UserAssigned", userAssignedIdentities: { [builderIdentity.id]: {} } },
    source: {
      type: "PlatformImage",
      publisher: "Canonical",
      offer: "ubuntu-24_04-lts",
      sku: "server",
      version: "latest",
    },
    customize: [{ type: "Shell", name: "tools", inline: ["echo one", "echo two"] }],
    distribute: [galleryTarget()],
    vmProfile: { vmSize: "Standard_D2s_v5", vnetConfig: { subnetId: ids.subnet } },
    ...changes,
  };
}

export function galleryTarget(changes: object = {}) {
  return {
    type: "SharedImage",
    runOutputName: "gallery",
    galleryImageId: ids.definition,
    targetRegions: [{ name: "westeurope", replicaCount: 1, storageAccountType: "Standard_LRS" }],
    artifactTags: { made: "here" },
    ...changes,
  };
}

/** The same as a body on the wire. */
export function templateBody(properties: object = {}, top: object = {}) {
  const { location, identity, source, customize, distribute, vmProfile } = templateModel();
  return { location, identity, properties: { source, customize, distribute, vmProfile, ...properties }, ...top };
}

/** What an image or an image version is made of, of which Azure asks to be told. */
export const imageSource = {
  storageProfile: { source: { id: SOURCE_IMAGE } },
};

interface Operation {
  readonly isDone: boolean;
  submitted(): Promise<void>;
  poll(): Promise<unknown>;
}

/** Sends an operation's first request and polls it to its end, in the cloud's time. */
export async function finish(cloud: TestCloud, operation: Operation): Promise<void> {
  await operation.submitted();
  while (!operation.isDone) {
    await operation.poll();
    if (!operation.isDone) await cloud.pass(10);
  }
}

export function removeTemplate(cloud: TestCloud, name: string): Promise<void> {
  return finish(cloud, cloud.service.imageBuilder.virtualMachineImageTemplates.delete(TEMPLATE_GROUP, name));
}

/** Those that image builder has made under a name of its own. */
export function stagingGroups(cloud: TestCloud) {
  return cloud.state().resourceGroups.filter(({ name }) => String(name).startsWith("IT_"));
}

/** Makes a template and waits until it is made. @throws as the SDK does where that fails. */
export async function createTemplate(
  cloud: TestCloud,
  name: string,
  changes: Partial<ImageTemplate> = {},
): Promise<void> {
  const { virtualMachineImageTemplates: templates } = cloud.service.imageBuilder;
  await finish(cloud, templates.createOrUpdate(TEMPLATE_GROUP, name, templateModel(changes)));
}

/** Everything granted and effective, and a template made. */
export async function readyTemplate(
  cloud: TestCloud,
  name: string,
  changes: Partial<ImageTemplate> = {},
): Promise<void> {
  await grantBuilder(cloud);
  await cloud.pass(60);
  await createTemplate(cloud, name, changes);
}

/** Starts a run and waits until the template says that it is over. */
export async function runToEnd(cloud: TestCloud, name: string) {
  const { virtualMachineImageTemplates: templates } = cloud.service.imageBuilder;
  await templates.run(TEMPLATE_GROUP, name).submitted();
  return waitForRun(cloud, name);
}

export async function waitForRun(cloud: TestCloud, name: string) {
  for (;;) {
    const { lastRunStatus } = await cloud.service.imageBuilder.virtualMachineImageTemplates.get(TEMPLATE_GROUP, name);
    if (!["Running", "Canceling"].includes(lastRunStatus?.runState ?? "")) return lastRunStatus;
    await cloud.pass(15);
  }
}

/** The state of a template as it is on the wire. */
export async function rawTemplate(cloud: TestCloud, name: string) {
  return (await cloud.send("GET", `${ids.template(name)}?api-version=2025-10-01`)).body;
}
