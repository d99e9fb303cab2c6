import { infraFiles, root, SUBSCRIPTION } from "./infraFiles.ts";
import { join } from "node:path";

const group = (name: string) => `/subscriptions/${SUBSCRIPTION}/resourceGroups/${name}`;
const container = (account: string, name: string) =>
  `${group("rg-disks")}/providers/Microsoft.Storage/storageAccounts/${account}/blobServices/default/containers/${name}`;
const network = `${group("rg-network")}/providers/Microsoft.Network/virtualNetworks/vnet-company`;
const secret = "https://vault.vault.azure.net/secrets/key";
const identity = (name: string) =>
  `${group("rg-identities")}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
const HUB = "8d2c1a64-3e5f-4b7a-9c08-1f6d5e4b3a29";
const zone = (part: string) =>
  hub(
    `Microsoft.Network/privateDnsZones/privatelink.${part === "sites" ? "azurewebsites.net" : `${part}.core.windows.net`}`,
  );
const hub = (path: string) => `/subscriptions/${HUB}/resourceGroups/rg-hub/providers/${path}`;
const CLIENT = "0f7a1c3e-2f4d-4f59-9b7e-6b1f0c8d2a01";

/** What nobody can leave out: infra/ makes everything else. */
export const leastParameters: Record<string, unknown> = { installationId: "main" };

/** What a company has already, and everything that is optional. */
export const fullParameters: Record<string, unknown> = {
  installationId: "full",
  tags: { owner: "platform" },
  serviceResourceGroupId: group("rg-service"),
  serviceIdentityId: identity("id-service"),
  builderIdentityId: identity("id-builder"),
  packageIdentityId: identity("id-package"),
  templateResourceGroupId: group("rg-templates"),
  imageResourceGroupIds: [group("rg-company-images"), group("rg-northern-images")],
  approvedGalleryIds: [`${group("rg-northern-images")}/providers/Microsoft.Compute/galleries/production`],
  sourceResourceGroupIds: [group("rg-sources")],
  sourceDiskContainerIds: [container("stsources", "vhds")],
  diskContainerIds: [container("stdisks", "vhds")],
  scriptContainerIds: [container("stscripts", "scripts")],
  recipesInContainer: true,
  overlayEnvironment: "production",
  virtualNetworkIds: [
    network,
    `${group("rg-northern-network")}/providers/Microsoft.Network/virtualNetworks/vnet-north`,
  ],
  vmIdentityIds: [identity("id-secrets")],
  networkRequired: true,
  entraClientId: CLIENT,
  easyAuth: true,
  apiKeys: [],
  allowedOrigins: ["https://portal.example.com"],
  eventSenders: [CLIENT],
  events: true,
  callbackTargets: [{ origin: "https://tickets.example.com", path: "/", secretNames: ["TICKETS"] }],
  callbackSecretUris: { TICKETS: secret },
  hooks: {},
  hookSecretUris: { TICKETS: secret },
  approvalSystems: [],
  approvalSecretUris: { TICKETS: secret },
  nodeVersion: "24",
  durableEngine: "scheduler",
  schedulerId: hub("Microsoft.DurableTask/schedulers/dts-company"),
  privateAccess: "storage",
  firewallPolicyId: hub("Microsoft.Network/firewallPolicies/afwp-hub"),
  buildAddressPrefixes: ["10.9.0.0/24"],
  integrationSubnetId: hub("Microsoft.Network/virtualNetworks/vnet-spoke/subnets/snet-app"),
  endpointSubnetId: hub("Microsoft.Network/virtualNetworks/vnet-hub/subnets/snet-endpoints"),
  privateDnsZoneIds: { blob: zone("blob"), queue: zone("queue"), table: zone("table") },
  storageRedundancy: "Standard_ZRS",
  workspaceId: hub("Microsoft.OperationalInsights/workspaces/log-company"),
  componentId: hub("Microsoft.Insights/components/appi-company"),
  alertEmails: ["operators@example.com"],
  actionGroupIds: [hub("Microsoft.Insights/actionGroups/ag-company")],
  eventTopicIds: [`${group("rg-company-images")}/providers/Microsoft.EventGrid/systemTopics/images`, "", ""],
  templateEventTopicId: hub("Microsoft.EventGrid/systemTopics/templates"),
};

/** A service that nobody reaches from outside, in networks that are made, with the zones and the firewall of a hub. */
export const closedParameters: Record<string, unknown> = {
  installationId: "closed",
  location: "northeurope",
  imageResourceGroupName: "rg-closed-images",
  networkResourceGroupName: "rg-closed-network",
  buildNetwork: "twoSubnets",
  buildEgress: "appliance",
  applianceAddress: "10.0.0.4",
  firewallPolicyId: hub("Microsoft.Network/firewallPolicies/afwp-hub"),
  firewallRulePriority: 2000,
  entraClientId: CLIENT,
  entraAudiences: ["api://goldsmith.example.com"],
  easyAuth: true,
  hooks: { tickets: { secretNames: ["TICKETS"] } },
  privateAccess: "all",
  privateDnsZoneIds: { blob: zone("blob"), sites: zone("sites") },
  archiveDays: 365,
  isArchiveLocked: true,
  logDays: 90,
};

/** One scope that is several things at once. */
export const sharedParameters: Record<string, unknown> = {
  installationId: "shared",
  imageResourceGroupIds: [group("rg-company-images")],
  // Azure compares ids without regard to case.
  sourceResourceGroupIds: [group("rg-Company-Images"), group("rg-sources"), group("rg-sources").toUpperCase()],
  virtualNetworkIds: [network, network.replace("vnet-company", "VNet-Company"), `${network}-north`],
  diskContainerIds: [container("stdisks", "both")],
  scriptContainerIds: [container("stdisks", "both")],
  entraClientId: CLIENT,
  events: true,
  templateResourceGroupId: group("rg-company-images"),
  apiKeys: [{ name: "robot", roles: ["Builder"], hash: "x" }],
  approvalSystems: [{ name: "tickets", application: CLIENT, secretNames: ["TICKETS"] }],
  settings: { GOLDSMITH_QUEUE_HOURS: "48" },
};

/** All that can be made, and nothing that is there already. */
export const everyPart: Record<string, unknown> = {
  installationId: "parts",
  recipesInContainer: true,
  buildNetwork: "both",
  buildEgress: "firewall",
  entraClientId: CLIENT,
  easyAuth: true,
  events: true,
  durableEngine: "scheduler",
  privateAccess: "storage",
  archiveDays: 90,
  alertEmails: ["operators@example.com"],
};

/** The same in another subscription. */
export const elsewhere = (given: unknown) => JSON.parse(JSON.stringify(given).replaceAll(SUBSCRIPTION, HUB)) as unknown;

/** Where the service's roles are given, and what it works in: a parameter each. */
const ofThisSubscription = [
  "serviceResourceGroupId",
  "builderIdentityId",
  "templateResourceGroupId",
  "imageResourceGroupIds",
  "approvedGalleryIds",
  "sourceResourceGroupIds",
  "sourceDiskContainerIds",
  "diskContainerIds",
  "scriptContainerIds",
  "virtualNetworkIds",
  "vmIdentityIds",
];

const oneInTwoPlaces: [string, string][] = [
  ["packageIdentityId", "serviceIdentityId"],
  ["packageIdentityId", "builderIdentityId"],
  ["serviceIdentityId", "builderIdentityId"],
];

/** What contradicts itself, or cannot be, with what it is refused for. */
export const refusedParameters: [name: string, parameters: Record<string, unknown>, told: string][] = [
  [
    "one subnet of private access without the other",
    { ...closedParameters, integrationSubnetId: fullParameters.integrationSubnetId },
    "takes integrationSubnetId and endpointSubnetId",
  ],
  ["an installation by a name that azd takes", { installationId: "Main_1" }, "installationId takes a to z"],
  ["easyAuth without a registration", { ...leastParameters, easyAuth: true }, "easyAuth takes the registration"],
  [
    "an appliance without an address",
    { ...leastParameters, buildNetwork: "oneSubnet", buildEgress: "appliance" },
    "takes the address of that appliance",
  ],
  [
    "a firewall policy for a network that is there, without the ranges that builds come from",
    { ...leastParameters, firewallPolicyId: fullParameters.firewallPolicyId },
    "firewallPolicyId takes buildAddressPrefixes",
  ],
  [
    "a component without its workspace",
    { ...leastParameters, componentId: fullParameters.componentId },
    "componentId takes the workspace",
  ],
  ...ofThisSubscription.map((name): [string, Record<string, unknown>, string] => [
    `${name} of another subscription`,
    { ...leastParameters, [name]: elsewhere(fullParameters[name]) },
    `Has to be of the subscription that is deployed to: ${name}.`,
  ]),
  ...oneInTwoPlaces.map(([one, other]): [string, Record<string, unknown>, string] => [
    `one identity as ${one} and ${other}`,
    // Azure compares ids without regard to case.
    { ...fullParameters, [one]: String(fullParameters[other]).toUpperCase() },
    "take an identity each",
  ]),
  [
    "on build VMs the identity of the service",
    { ...fullParameters, vmIdentityIds: [fullParameters.serviceIdentityId] },
    "take an identity each",
  ],
  [
    "as the package's identity that which would be made for the service",
    {
      ...leastParameters,
      packageIdentityId: `${group("rg-goldsmith-main")}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-goldsmith-main`,
    },
    "take an identity each",
  ],
  [
    "approval in a gallery that no build goes to",
    { ...leastParameters, approvedGalleryIds: [`${group("rg-others")}/providers/Microsoft.Compute/galleries/theirs`] },
    "are to lie in groups of images",
  ],
  [
    "an id that a command has not found",
    { ...leastParameters, virtualNetworkIds: [""] },
    "Has to be of the subscription that is deployed to: virtualNetworkIds.",
  ],
  [
    "one of several ids of another subscription, and another parameter with it,",
    {
      ...fullParameters,
      diskContainerIds: [container("stdisks", "vhds"), elsewhere(container("sthub", "vhds"))],
      virtualNetworkIds: [elsewhere(network)],
    },
    "Has to be of the subscription that is deployed to: diskContainerIds, virtualNetworkIds.",
  ],
];

const OTHER_CHOICES: [name: string, parameters: Record<string, unknown>][] = [
  [
    "a network with a firewall of its own",
    { ...leastParameters, buildNetwork: "both", buildEgress: "firewall", entraClientId: CLIENT, events: true },
  ],
  [
    "a network whose firewall has the company's policy",
    {
      ...leastParameters,
      buildNetwork: "oneSubnet",
      buildEgress: "firewall",
      firewallPolicyId: closedParameters.firewallPolicyId,
    },
  ],
  ["a network with a NAT gateway", { ...leastParameters, buildNetwork: "oneSubnet", buildEgress: "natGateway" }],
  [
    "the scheduler as engine, all private",
    { ...leastParameters, durableEngine: "scheduler", schedulerAddresses: ["203.0.113.7"], privateAccess: "all" },
  ],
];

/** What is refused without another. */
const TAKES: Record<string, object> = { easyAuth: { entraClientId: CLIENT } };

/** Each optional part by itself, in the values that parameters of main.bicep allow. */
export function eachChoice(): [name: string, parameters: Record<string, unknown>][] {
  const main = infraFiles.find(({ path }) => path === join(root, "infra", "main.bicep"));
  return (main?.declarations ?? []).flatMap((declared) => {
    if (declared.kind !== "parameter") return [];
    const allowed = declared.decorators.find(({ name }) => name === "allowed")?.values[0];
    const values =
      allowed?.kind === "array"
        ? allowed.items.flatMap((item) => (item.kind === "literal" ? [item.value] : []))
        : declared.type === "bool"
          ? [true, false]
          : [];
    return values.map((value): [string, Record<string, unknown>] => [
      `${declared.name} ${String(value)}`,
      { ...leastParameters, ...TAKES[declared.name], [declared.name]: value },
    ]);
  });
}

/** All that tests work out: each parameter given at least once, and each condition gone both ways. */
export const parameterSets: [name: string, parameters: Record<string, unknown>][] = [
  ["the fewest parameters", leastParameters],
  ["all that a company has already", fullParameters],
  ["a closed installation", closedParameters],
  ["scopes that are several things", sharedParameters],
  ["all that can be made", everyPart],
  ...OTHER_CHOICES,
  ...eachChoice(),
];
