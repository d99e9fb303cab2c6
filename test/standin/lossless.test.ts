import type { NetworkManagementClient } from "@azure/arm-network";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builderIdentity } from "../../local/landscape.ts";
import { startCloud, type SdkClients, type TestCloud } from "../support/cloud.ts";
import { grants, ids, readyTemplate, runToEnd, TEMPLATE_GROUP } from "../support/cloudTemplates.ts";
import { misfits } from "../support/declaredModel.ts";
import { firstPage, lostFields } from "../support/lostFields.ts";
import { networkClient } from "../support/networkClient.ts";

const NETWORK = "rg-network";
const VERSION = "?api-version=2025-05-01";
const inGroup = (path: string) => `${ids.subscription}/resourceGroups/${NETWORK}/providers/Microsoft.Network/${path}`;
const ACI = "Microsoft.ContainerInstance/containerGroups";

/** One of each kind of thing, with every field that Azure gives it. */
const GROUND: [string, object][] = [
  [
    "routeTables/rt",
    { routes: [{ name: "all", properties: { addressPrefix: "0.0.0.0/0", nextHopType: "Internet" } }] },
  ],
  ["publicIPAddresses/ip", { publicIPAllocationMethod: "Static" }],
  ["natGateways/nat", { publicIpAddresses: [{ id: inGroup("publicIPAddresses/ip") }] }],
  ["virtualNetworks/hub", { addressSpace: { addressPrefixes: ["10.50.0.0/16"] } }],
  [
    "virtualNetworks/vnet-builds/virtualNetworkPeerings/hub",
    { remoteVirtualNetwork: { id: inGroup("virtualNetworks/hub") } },
  ],
  [
    "virtualNetworks/vnet-builds/subnets/aci",
    {
      addressPrefix: "10.40.1.0/24",
      routeTable: { id: inGroup("routeTables/rt") },
      natGateway: { id: inGroup("natGateways/nat") },
      delegations: [{ name: "aci", properties: { serviceName: ACI } }],
      serviceEndpoints: [{ service: "Microsoft.Storage" }],
      defaultOutboundAccess: false,
    },
  ],
  ["networkInterfaces/nic", { ipConfigurations: [{ name: "one", properties: { subnet: { id: ids.subnet } } }] }],
  ["firewallPolicies/fw", {}],
  [
    "firewallPolicies/fw/ruleCollectionGroups/apps",
    {
      priority: 200,
      ruleCollections: [
        {
          ruleCollectionType: "FirewallPolicyFilterRuleCollection",
          name: "both",
          priority: 100,
          action: { type: "Allow" },
          rules: [
            {
              ruleType: "ApplicationRule",
              name: "apt",
              protocols: [{ protocolType: "Https", port: 443 }],
              targetFqdns: ["*.ubuntu.com"],
              fqdnTags: ["WindowsUpdate"],
              sourceAddresses: ["*"],
            },
            {
              ruleType: "NetworkRule",
              name: "ntp",
              ipProtocols: ["UDP"],
              sourceAddresses: ["*"],
              destinationAddresses: ["AzureCloud"],
              destinationPorts: ["123"],
            },
          ],
        },
      ],
    },
  ],
];

type Options = Parameters<Parameters<typeof lostFields>[0]>[0];

const network: Record<string, (clients: NetworkManagementClient, options: Options) => Promise<unknown>> = {
  "a virtual network": ({ virtualNetworks }, options) => virtualNetworks.get(NETWORK, "vnet-builds", options),
  "virtual networks": ({ virtualNetworks }, options) => firstPage(virtualNetworks.listAll(options)),
  "a subnet": ({ subnets }, options) => subnets.get(NETWORK, "vnet-builds", "aci", options),
  subnets: ({ subnets }, options) => firstPage(subnets.list(NETWORK, "vnet-builds", options)),
  usages: ({ virtualNetworks }, options) => firstPage(virtualNetworks.listUsage(NETWORK, "vnet-builds", options)),
  "an address": ({ virtualNetworks }, options) =>
    virtualNetworks.checkIPAddressAvailability(NETWORK, "vnet-builds", "10.40.0.4", options),
  "a peering": ({ virtualNetworkPeerings }, options) =>
    virtualNetworkPeerings.get(NETWORK, "vnet-builds", "hub", options),
  "a security group": ({ networkSecurityGroups }, options) => networkSecurityGroups.get(NETWORK, "nsg-builds", options),
  "security rules": ({ securityRules }, options) => firstPage(securityRules.list(NETWORK, "nsg-builds", options)),
  "a route table": ({ routeTables }, options) => routeTables.get(NETWORK, "rt", options),
  "a route": ({ routes }, options) => routes.get(NETWORK, "rt", "all", options),
  "a NAT gateway": ({ natGateways }, options) => natGateways.get(NETWORK, "nat", options),
  "a public address": ({ publicIPAddresses }, options) => publicIPAddresses.get(NETWORK, "ip", options),
  "a network interface": ({ networkInterfaces }, options) => networkInterfaces.get(NETWORK, "nic", options),
  "a firewall policy": ({ firewallPolicies }, options) => firewallPolicies.get(NETWORK, "fw", options),
  "a group of firewall rules": ({ firewallPolicyRuleCollectionGroups }, options) =>
    firewallPolicyRuleCollectionGroups.get(NETWORK, "fw", "apps", options),
};

const others: Record<string, (clients: SdkClients, options: Options, staging: string) => Promise<unknown>> = {
  "a resource group": ({ resources }, options) => resources.resourceGroups.get(NETWORK, options),
  "resource groups": ({ resources }, options) => firstPage(resources.resourceGroups.list(options)),
  "a provider": ({ resources }, options) => resources.providers.get("Microsoft.Network", options),
  "a resource by its id": ({ resources }, options) =>
    resources.resources.getById(builderIdentity.id, "2023-01-31", options),
  "resources of all types": ({ resources }, options) =>
    firstPage(resources.resources.list({ ...options, expand: "createdTime,changedTime,provisioningState" })),
  tags: ({ resources }, options) => resources.tagsOperations.getAtScope(ids.network, options),
  "a storage account": ({ storage }, options, staging) =>
    firstPage(storage.storageAccounts.listByResourceGroup(staging, options)),
  "a gallery": ({ compute }, options) => compute.galleries.get("rg-images", "goldsmith", options),
  "an image definition": ({ compute }, options) =>
    compute.galleryImages.get("rg-images", "goldsmith", "aks-jumpbox", options),
  "image versions": ({ compute }, options) =>
    firstPage(compute.galleryImageVersions.listByGalleryImage("rg-images", "goldsmith", "aks-jumpbox", options)),
  quotas: ({ compute }, options) => firstPage(compute.usage.list("westeurope", options)),
  "a version on the marketplace": ({ compute }, options) =>
    compute.virtualMachineImages.get(
      "westeurope",
      "Canonical",
      "ubuntu-24_04-lts",
      "server",
      "24.04.202611100",
      options,
    ),
  "an identity": ({ identities }, options) =>
    identities.userAssignedIdentities.get("rg-goldsmith", "id-goldsmith-builder", options),
  disks: ({ compute }, options) => firstPage(compute.disks.list(options)),
  "an image template": ({ imageBuilder }, options) =>
    imageBuilder.virtualMachineImageTemplates.get(TEMPLATE_GROUP, "t", options),
  "run outputs": ({ imageBuilder }, options) =>
    firstPage(imageBuilder.virtualMachineImageTemplates.listRunOutputs(TEMPLATE_GROUP, "t", options)),
  "a role assignment": ({ authorization }, options) =>
    authorization.roleAssignments.get(ids.imageGroup, grants.imageCreation, options),
  "role definitions": ({ authorization }, options) =>
    firstPage(authorization.roleDefinitions.list(ids.imageGroup, options)),
  "permissions of the caller": ({ authorization }, options) =>
    firstPage(authorization.permissions.listForResourceGroup("rg-images", options)),
};

/** What each of them is to its SDK. */
const MODELS: Record<string, [sdk: string, type: string]> = {
  "a virtual network": ["arm-network", "VirtualNetwork"],
  "virtual networks": ["arm-network", "VirtualNetwork"],
  "a subnet": ["arm-network", "Subnet"],
  subnets: ["arm-network", "Subnet"],
  usages: ["arm-network", "VirtualNetworkUsage"],
  "an address": ["arm-network", "IPAddressAvailabilityResult"],
  "a peering": ["arm-network", "VirtualNetworkPeering"],
  "a security group": ["arm-network", "NetworkSecurityGroup"],
  "security rules": ["arm-network", "SecurityRule"],
  "a route table": ["arm-network", "RouteTable"],
  "a route": ["arm-network", "Route"],
  "a NAT gateway": ["arm-network", "NatGateway"],
  "a public address": ["arm-network", "PublicIPAddress"],
  "a network interface": ["arm-network", "NetworkInterface"],
  "a firewall policy": ["arm-network", "FirewallPolicy"],
  "a group of firewall rules": ["arm-network", "FirewallPolicyRuleCollectionGroup"],
  "a resource group": ["arm-resources", "ResourceGroup"],
  "resource groups": ["arm-resources", "ResourceGroup"],
  "a provider": ["arm-resources", "Provider"],
  "a resource by its id": ["arm-resources", "GenericResource"],
  "resources of all types": ["arm-resources", "GenericResourceExpanded"],
  tags: ["arm-resources", "TagsResource"],
  "a storage account": ["arm-storage", "StorageAccount"],
  "a gallery": ["arm-compute", "Gallery"],
  "an image definition": ["arm-compute", "GalleryImage"],
  "image versions": ["arm-compute", "GalleryImageVersion"],
  "a version on the marketplace": ["arm-compute", "VirtualMachineImage"],
  quotas: ["arm-compute", "Usage"],
  disks: ["arm-compute", "Disk"],
  "an identity": ["arm-msi", "Identity"],
  "an image template": ["arm-imagebuilder", "ImageTemplate"],
  "run outputs": ["arm-imagebuilder", "RunOutput"],
};

describe("the models of the SDKs lose nothing of", () => {
  let cloud: TestCloud;
  let staging = "";

  beforeAll(async () => {
    cloud = await startCloud();
    await readyTemplate(cloud, "t");
    await runToEnd(cloud, "t");
    const { body } = await cloud.send("GET", `${ids.template("t")}?api-version=2025-10-01`);
    staging = body.properties.exactStagingResourceGroup.split("/").at(-1);
    for (const [path, properties] of GROUND) {
      const made = await cloud.send("PUT", inGroup(path) + VERSION, { body: { location: "westeurope", properties } });
      expect(made).toMatchObject({ status: 201 });
    }
    await cloud.pass(60);
  });
  afterAll(() => cloud.close());

  it.each(Object.entries(network))("%s", async (_, call) => {
    expect(await lostFields((options) => call(networkClient(cloud, cloud.operator), options))).toEqual([]);
  });

  it.each(Object.entries(others))("%s", async (_, call) => {
    expect(await lostFields((options) => call(cloud.operator, options, staging))).toEqual([]);
  });

  it.each(Object.entries(MODELS))(
    "%s: and what they require is there, of the kind and the values that they declare",
    async (title, [sdk, type]) => {
      const options = { onResponse: () => undefined };
      const seen = await (network[title]?.(networkClient(cloud, cloud.operator), options) ??
        others[title]?.(cloud.operator, options, staging));
      expect([seen].flat().flatMap((model) => misfits(sdk, type, model))).toEqual([]);
    },
  );

  it.each([
    ["lacks a field", "arm-compute", "Usage", { unit: "Count", limit: 1, name: {} }, ["Usage.currentValue"]],
    ["has text for a number", "arm-network", "Route", { nextHopType: "None", name: 7 }, ["Route.name"]],
    ["has a word of its own", "arm-network", "Route", { nextHopType: "Moon" }, ['Route.nextHopType: "Moon"']],
    [
      "lacks it deep within",
      "arm-network",
      "FirewallPolicyRuleCollectionGroup",
      { ruleCollections: [{ name: "a" }] },
      ["FirewallPolicyRuleCollectionGroup.ruleCollections[0].ruleCollectionType"],
    ],
    [
      "has a time that is none",
      "arm-resources",
      "GenericResourceExpanded",
      { createdTime: "now" },
      ["GenericResourceExpanded.createdTime"],
    ],
  ])("which is noticed of a model that %s", (_, sdk, type, model, expected) => {
    expect(misfits(sdk, type, model)).toEqual(expected);
  });

  it.each<[string, (clients: NetworkManagementClient) => Promise<unknown>]>([
    [
      "virtualNetworks/vnet-builds",
      async ({ virtualNetworks: type }) =>
        type.createOrUpdate(NETWORK, "vnet-builds", await type.get(NETWORK, "vnet-builds")).submitted(),
    ],
    [
      "networkSecurityGroups/nsg-builds",
      async ({ networkSecurityGroups: type }) =>
        type.createOrUpdate(NETWORK, "nsg-builds", await type.get(NETWORK, "nsg-builds")).submitted(),
    ],
    [
      "routeTables/rt",
      async ({ routeTables: type }) => type.createOrUpdate(NETWORK, "rt", await type.get(NETWORK, "rt")).submitted(),
    ],
    [
      "natGateways/nat",
      async ({ natGateways: type }) => type.createOrUpdate(NETWORK, "nat", await type.get(NETWORK, "nat")).submitted(),
    ],
    [
      "firewallPolicies/fw/ruleCollectionGroups/apps",
      async ({ firewallPolicyRuleCollectionGroups: type }) =>
        type.createOrUpdate(NETWORK, "fw", "apps", await type.get(NETWORK, "fw", "apps")).submitted(),
    ],
  ])("%s that is read and written back", async (path, writeBack) => {
    const read = async () => {
      const { text } = await cloud.send("GET", inGroup(path) + VERSION);
      return JSON.parse(text, (name, value: unknown) => (name === "etag" ? "" : value)) as unknown;
    };
    const before = await read();
    await writeBack(networkClient(cloud, cloud.operator));
    await cloud.pass(60);
    expect(await read()).toEqual(before);
  });
});
