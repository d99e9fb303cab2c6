import { type Directory, landscapeDirectory } from "./landscapeDirectory.ts";
import { landscapeNetwork } from "./landscapeNetwork.ts";

/**
 * What a company has deployed before Goldsmith's first build: the subscription that the local Azure starts with. The
 * same as `infra/` makes, and the network and the image definitions that the shipped recipes name.
 */
export interface Landscape {
  tenantId: string;
  subscriptionId: string;
  /** Resource groups, as a PUT of one takes them. */
  resourceGroups: { name: string; location: string; tags?: Record<string, string> }[];
  /** Any other resource: its id, and the body as a GET of it answers. */
  resources: { id: string; body: Record<string, unknown> & { location?: string; properties?: object } }[];
  /** VHDs in containers of accounts that are among the resources. */
  disks: { accountId: string; container: string; name: string }[];
  roleDefinitions: RoleDefinition[];
  roleAssignments: StandingRoleAssignment[];
  directory: Directory;
}

export interface RoleDefinition {
  /** The bare GUID. */
  name: string;
  roleName: string;
  description: string;
  actions: string[];
  dataActions?: string[];
  assignableScopes: string[];
}

export interface StandingRoleAssignment {
  scope: string;
  /** The bare GUID of a custom role above, or of a built-in one. */
  roleDefinition: string;
  principalId: string;
  /** An ABAC condition, version 2.0. */
  condition?: string;
}

const location = "westeurope";
const tenantId = "7a3c5d10-0b52-4c11-9c37-2f1d1c6a9e01";
const subscriptionId = "4f6d8a52-9b1e-4d3a-8c47-6e0b7f21a3c5";
const subscription = `/subscriptions/${subscriptionId}`;
const group = (name: string) => `${subscription}/resourceGroups/${name}`;

const templateGroup = group("rg-goldsmith-templates");
const imageGroup = group("rg-images");
/** Images that builds begin with and none is written to. */
const sourceGroup = group("rg-sources");
const gallery = `${imageGroup}/providers/Microsoft.Compute/galleries/goldsmith`;
const diskAccount = `${sourceGroup}/providers/Microsoft.Storage/storageAccounts/stgoldsmithvhds`;
/** What was prepared elsewhere, for builds to begin with. */
export const landscapeDisk = {
  url: "https://stgoldsmithvhds.blob.core.windows.net/vhds/ubuntu-base.vhd",
  container: `${diskAccount}/blobServices/default/containers/vhds`,
};
const scriptAccount = `${group("rg-goldsmith")}/providers/Microsoft.Storage/storageAccounts/stgoldsmithscripts`;
/** Where the service puts scripts that are too long for a template. */
export const scriptContainer = {
  id: `${scriptAccount}/blobServices/default/containers/scripts`,
  url: "https://stgoldsmithscripts.blob.core.windows.net/scripts",
};
const network = landscapeNetwork(group("rg-network"), location);
const virtualNetwork = network.id;
const identity = (name: string) =>
  `${group("rg-goldsmith")}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;

const roles = {
  imageCreation: "0d6d1d3f-5b5e-5a52-9d0c-8f3a5b1e7c01",
  networkJoin: "1e7e2e40-6c6f-5b63-8e1d-904b6c2f8d02",
  observer: "2f8f3f51-7d70-5c74-8f2e-a15c7d309e03",
  templateOperator: "30904062-8e81-5d85-9030-b26d8e41af04",
  identityUser: "41a15173-9f92-5e96-a141-c37e9f52b005",
  networkReader: "52b26284-a0a3-5fa7-b252-d48fa063c106",
  galleryReader: "63c37395-b1b4-50b8-8363-e590b174d207",
  granter: "74d484a6-c2c5-51c9-9474-f6a1c285e308",
  logReader: "85e595b7-d3d6-52da-a585-07b2d396f409",
  sourceReading: "96f6a6c8-e4e7-53eb-b696-18c3e4a7050a",
  publisher: "a707b7d9-f5f8-54fc-87a7-29d4f5b8160b",
};

/** The function app's identity: what the service acts as. */
export const serviceIdentity = {
  id: identity("id-goldsmith"),
  clientId: "a1f3c2d4-11aa-4b5c-8d6e-0f1a2b3c4d01",
  principalId: "b2e4d3c5-22bb-4c6d-9e7f-1a2b3c4d5e02",
};

/** The identity that image builder acts as: it holds nothing while no build runs. */
export const builderIdentity = {
  id: identity("id-goldsmith-builder"),
  clientId: "c3d5e4b6-33cc-4d7e-8f80-2b3c4d5e6f03",
  principalId: "d4c6f5a7-44dd-4e8f-9091-3c4d5e6f7a04",
};

/** A person with every right, who changes the ground under the service: in tests, and at the local Azure's console. */
export const operatorIdentity = {
  id: identity("id-operator"),
  clientId: "e5b7a6c8-55ee-4f90-91a2-4d5e6f7a8b05",
  principalId: "f6a8b7d9-66ff-4091-82b3-5e6f7a8b9c06",
};

const directory = landscapeDirectory(operatorIdentity.principalId);

/** Built-in roles. */
const owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const blobContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const blobReader = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";

/** May write and delete role assignments of one role, for one principal, of the type a managed identity is. */
function grantsOnly(roleDefinition: string, principalId: string): string {
  const clause = (action: "write" | "delete", source: "@Request" | "@Resource") =>
    `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/${action}'})) OR (` +
    `${source}[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${roleDefinition}} AND ` +
    `${source}[Microsoft.Authorization/roleAssignments:PrincipalId] ForAnyOfAnyValues:GuidEquals {${principalId}} AND ` +
    `${source}[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))`;
  return `${clause("write", "@Request")} AND ${clause("delete", "@Resource")}`;
}

const readsPackerLogsOnly =
  "((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'})) OR " +
  "(@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'packerlogs'))";

const toService = (scope: string, roleDefinition: string, condition?: string): StandingRoleAssignment => ({
  scope,
  roleDefinition,
  principalId: serviceIdentity.principalId,
  ...(condition ? { condition } : {}),
});

/** Settings of the service that follow from the landscape. */
export const landscapeSettings = {
  AZURE_SUBSCRIPTION_ID: subscriptionId,
  AZURE_CLIENT_ID: serviceIdentity.clientId,
  GOLDSMITH_TEMPLATE_RESOURCE_GROUP: "rg-goldsmith-templates",
  GOLDSMITH_SERVICE_PRINCIPAL_ID: serviceIdentity.principalId,
  GOLDSMITH_TRUST_ZONES: JSON.stringify({
    default: {
      builder: { identityId: builderIdentity.id, principalId: builderIdentity.principalId },
      destinations: [imageGroup],
      sources: [sourceGroup, landscapeDisk.container],
      subnets: [virtualNetwork],
    },
  }),
  GOLDSMITH_IMAGE_CREATION_ROLE: roles.imageCreation,
  GOLDSMITH_NETWORK_JOIN_ROLE: roles.networkJoin,
  GOLDSMITH_SOURCE_READING_ROLE: roles.sourceReading,
  GOLDSMITH_SCRIPT_CONTAINER: scriptContainer.id,
  GOLDSMITH_ENTRA_TENANT_ID: tenantId,
  GOLDSMITH_ENTRA_AUDIENCES: `${directory.api.identifierUri},${directory.api.clientId}`,
} as const;

export const landscape: Landscape = {
  directory,
  tenantId,
  subscriptionId,
  resourceGroups: [
    { name: "rg-goldsmith", location },
    { name: "rg-goldsmith-templates", location },
    { name: "rg-images", location },
    { name: "rg-network", location },
    { name: "rg-sources", location },
  ],
  resources: [
    ...[serviceIdentity, builderIdentity, operatorIdentity].map(({ id, clientId, principalId }) => ({
      id,
      body: { location, properties: { tenantId, clientId, principalId } },
    })),
    {
      id: gallery,
      body: { location, properties: { description: "Golden images", identifier: { uniqueName: "goldsmith" } } },
    },
    imageDefinition("aks-jumpbox", "Linux", "aks", "jumpbox"),
    imageDefinition("windows-server", "Windows", "windows", "server"),
    imageDefinition("ubuntu-base", "Linux", "ubuntu", "base"),
    imageDefinition("ubuntu-app", "Linux", "ubuntu", "app"),
    imageDefinition("isolated-linux", "Linux", "ubuntu", "isolated"),
    imageDefinition("public-quickstart", "Linux", "ubuntu", "quickstart"),
    imageDefinition("imported-vhd", "Linux", "imported", "vhd"),
    { id: diskAccount, body: { location, kind: "StorageV2", sku: { name: "Standard_LRS" }, properties: {} } },
    {
      id: scriptAccount,
      body: {
        location,
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
        properties: { allowSharedKeyAccess: false, allowBlobPublicAccess: false },
      },
    },
    { id: `${scriptAccount}/blobServices/default`, body: { properties: {} } },
    { id: scriptContainer.id, body: { properties: {} } },
    ...network.resources,
  ],
  disks: [{ accountId: diskAccount, container: "vhds", name: "ubuntu-base.vhd" }],
  roleDefinitions: [
    {
      name: roles.imageCreation,
      roleName: "Goldsmith image creation",
      description: "Lets image builder read the gallery and write image versions. Leased for the length of a build.",
      actions: [
        "Microsoft.Compute/galleries/read",
        "Microsoft.Compute/galleries/images/read",
        "Microsoft.Compute/galleries/images/versions/read",
        "Microsoft.Compute/galleries/images/versions/write",
        "Microsoft.Compute/images/read",
        "Microsoft.Compute/images/write",
        "Microsoft.Compute/images/delete",
      ],
      assignableScopes: [imageGroup],
    },
    {
      name: roles.networkJoin,
      roleName: "Goldsmith network join",
      description: "Lets image builder attach its machines to the subnet. Leased for the length of a build.",
      actions: ["Microsoft.Network/virtualNetworks/read", "Microsoft.Network/virtualNetworks/subnets/join/action"],
      assignableScopes: [group("rg-network")],
    },
    {
      name: roles.sourceReading,
      roleName: "Goldsmith source reading",
      description:
        "Lets image builder read the image that a build begins with, where it cannot already. Leased for the length of a build.",
      actions: [
        "Microsoft.Compute/galleries/read",
        "Microsoft.Compute/galleries/images/read",
        "Microsoft.Compute/galleries/images/versions/read",
        "Microsoft.Compute/images/read",
      ],
      assignableScopes: [templateGroup, sourceGroup],
    },
    {
      name: roles.observer,
      roleName: "Goldsmith observer",
      description:
        "Sees the subscription, its resource providers, groups, storage accounts, role assignments and definitions, policies, quotas, platform images and the terms of their plans.",
      actions: [
        "Microsoft.Resources/subscriptions/read",
        "Microsoft.Resources/subscriptions/providers/read",
        "Microsoft.Resources/subscriptions/resourceGroups/read",
        "Microsoft.Authorization/roleAssignments/read",
        "Microsoft.Authorization/roleDefinitions/read",
        "Microsoft.Storage/storageAccounts/read",
        "Microsoft.Authorization/permissions/read",
        "Microsoft.Authorization/policyAssignments/read",
        "Microsoft.Compute/locations/usages/read",
        "Microsoft.Compute/locations/publishers/artifacttypes/offers/skus/versions/read",
        "Microsoft.MarketplaceOrdering/offerTypes/publishers/offers/plans/agreements/read",
        "Microsoft.ContainerInstance/locations/usages/read",
      ],
      assignableScopes: [subscription],
    },
    {
      name: roles.templateOperator,
      roleName: "Goldsmith template operator",
      description: "Makes, runs, reads and deletes image templates, and the managed images that VHDs are imported to.",
      actions: [
        "Microsoft.VirtualMachineImages/imageTemplates/read",
        "Microsoft.VirtualMachineImages/imageTemplates/write",
        "Microsoft.VirtualMachineImages/imageTemplates/delete",
        "Microsoft.VirtualMachineImages/imageTemplates/run/action",
        "Microsoft.VirtualMachineImages/imageTemplates/cancel/action",
        "Microsoft.VirtualMachineImages/imageTemplates/runOutputs/read",
        "Microsoft.Compute/images/read",
        "Microsoft.Compute/images/write",
        "Microsoft.Compute/images/delete",
      ],
      assignableScopes: [templateGroup],
    },
    {
      name: roles.identityUser,
      roleName: "Goldsmith identity user",
      description: "Hands the builder identity to an image template.",
      actions: [
        "Microsoft.ManagedIdentity/userAssignedIdentities/read",
        "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read",
      ],
      assignableScopes: [group("rg-goldsmith")],
    },
    {
      name: roles.networkReader,
      roleName: "Goldsmith network reader",
      description: "Reads what the preflight checks of the network.",
      actions: [
        "Microsoft.Network/virtualNetworks/read",
        "Microsoft.Network/virtualNetworks/subnets/read",
        "Microsoft.Network/virtualNetworks/usages/read",
        "Microsoft.Network/networkSecurityGroups/read",
        "Microsoft.Network/routeTables/read",
        "Microsoft.Network/natGateways/read",
        "Microsoft.Network/azureFirewalls/read",
        "Microsoft.Network/firewallPolicies/read",
        "Microsoft.Network/firewallPolicies/ruleCollectionGroups/read",
      ],
      assignableScopes: [group("rg-network")],
    },
    {
      name: roles.galleryReader,
      roleName: "Goldsmith gallery reader",
      description: "Reads galleries, image definitions, image versions and managed images.",
      actions: [
        "Microsoft.Compute/galleries/read",
        "Microsoft.Compute/galleries/images/read",
        "Microsoft.Compute/galleries/images/versions/read",
        "Microsoft.Compute/images/read",
      ],
      assignableScopes: [imageGroup, sourceGroup],
    },
    {
      name: roles.publisher,
      roleName: "Goldsmith publisher",
      description:
        "Lets an image version become the latest once somebody has approved it. Standing, on the galleries where that is asked for.",
      actions: [
        "Microsoft.Compute/galleries/images/versions/read",
        "Microsoft.Compute/galleries/images/versions/write",
      ],
      assignableScopes: [imageGroup],
    },
    {
      name: roles.granter,
      roleName: "Goldsmith granter",
      description: "Writes and deletes role assignments; always under a condition.",
      actions: ["Microsoft.Authorization/roleAssignments/write", "Microsoft.Authorization/roleAssignments/delete"],
      assignableScopes: [templateGroup, imageGroup, group("rg-network"), sourceGroup, group("rg-goldsmith")],
    },
    {
      name: roles.logReader,
      roleName: "Goldsmith log reader",
      description: "Reads the customization logs that image builder leaves in its staging storage.",
      actions: [],
      dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"],
      assignableScopes: [subscription],
    },
  ],
  roleAssignments: [
    { scope: subscription, roleDefinition: owner, principalId: operatorIdentity.principalId },
    toService(subscription, roles.observer),
    toService(subscription, roles.logReader, readsPackerLogsOnly),
    toService(templateGroup, roles.templateOperator),
    toService(builderIdentity.id, roles.identityUser),
    toService(group("rg-network"), roles.networkReader),
    toService(imageGroup, roles.galleryReader),
    toService(sourceGroup, roles.galleryReader),
    toService(gallery, roles.publisher),
    toService(imageGroup, roles.granter, grantsOnly(roles.imageCreation, builderIdentity.principalId)),
    toService(templateGroup, roles.granter, grantsOnly(roles.sourceReading, builderIdentity.principalId)),
    toService(sourceGroup, roles.granter, grantsOnly(roles.sourceReading, builderIdentity.principalId)),
    toService(scriptContainer.id, blobContributor),
    toService(scriptContainer.id, roles.granter, grantsOnly(blobReader, builderIdentity.principalId)),
    toService(virtualNetwork, roles.granter, grantsOnly(roles.networkJoin, builderIdentity.principalId)),
  ],
};

/** What a version of a recipe's image goes to. */
function imageDefinition(name: string, osType: "Linux" | "Windows", offer: string, sku: string) {
  return {
    id: `${gallery}/images/${name}`,
    body: {
      location,
      properties: {
        osType,
        osState: "Generalized",
        hyperVGeneration: "V2",
        architecture: "x64",
        features: [{ name: "SecurityType", value: "TrustedLaunchSupported" }],
        identifier: { publisher: "goldsmith", offer, sku },
      },
    },
  };
}
