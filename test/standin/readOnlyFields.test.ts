/** Fields that the SDKs declare as Azure's own: a client that sends them is not heard, since people send back what they got. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { besideNetwork } from "../support/cloudNetwork.ts";
import { ids, imageSource, rawTemplate, templateBody } from "../support/cloudTemplates.ts";
import { readOnlyFields } from "../support/declaredModel.ts";

const SENT = "sent by the client";
const compute = (type: string) => `${ids.imageGroup}/providers/Microsoft.Compute/${type}/one`;
const toNetwork = { remoteVirtualNetwork: { id: ids.network } };

/** SDK, model of the properties, id, version, and a good body. */
const TYPES: [sdk: string, model: string, id: string, version: string, properties: object, top?: object][] = [
  ["arm-compute", "VirtualMachineProperties", compute("virtualMachines"), "2024-07-01", {}],
  ["arm-compute", "DiskProperties", compute("disks"), "2024-03-02", { creationData: { createOption: "Empty" } }],
  ["arm-compute", "GalleryProperties", compute("galleries"), "2024-03-03", {}],
  ["arm-compute", "GalleryImageVersionProperties", `${ids.definition}/versions/1.0.0`, "2024-03-03", imageSource],
  [
    "arm-network",
    "VirtualNetworkPropertiesFormat",
    ids.network,
    "2025-05-01",
    {
      addressSpace: { addressPrefixes: ["10.40.0.0/22"] },
    },
  ],
  ["arm-network", "SubnetPropertiesFormat", ids.subnet, "2025-05-01", { addressPrefix: "10.40.0.0/27" }],
  [
    "arm-network",
    "VirtualNetworkPeeringPropertiesFormat",
    `${ids.network}/virtualNetworkPeerings/one`,
    "2025-05-01",
    toNetwork,
  ],
  [
    "arm-network",
    "NetworkSecurityGroupPropertiesFormat",
    besideNetwork("networkSecurityGroups", "one"),
    "2025-05-01",
    {},
  ],
  ["arm-network", "RouteTablePropertiesFormat", besideNetwork("routeTables", "one"), "2025-05-01", {}],
  ["arm-network", "NatGatewayPropertiesFormat", besideNetwork("natGateways", "one"), "2025-05-01", {}],
  ["arm-network", "PublicIPAddressPropertiesFormat", besideNetwork("publicIPAddresses", "one"), "2025-05-01", {}],
  ["arm-network", "NetworkInterfacePropertiesFormat", besideNetwork("networkInterfaces", "one"), "2025-05-01", {}],
  ["arm-network", "LoadBalancerPropertiesFormat", besideNetwork("loadBalancers", "one"), "2025-05-01", {}],
  ["arm-network", "PrivateLinkServiceProperties", besideNetwork("privateLinkServices", "one"), "2025-05-01", {}],
  ["arm-network", "FirewallPolicyPropertiesFormat", besideNetwork("firewallPolicies", "one"), "2025-05-01", {}],
  ["arm-network", "AzureFirewallPropertiesFormat", besideNetwork("azureFirewalls", "one"), "2025-05-01", {}],
  [
    "arm-storage",
    "StorageAccountProperties",
    `${ids.imageGroup}/providers/Microsoft.Storage/storageAccounts/own1`,
    "2024-01-01",
    {},
    { kind: "StorageV2", sku: { name: "Standard_LRS" } },
  ],
];
/** An answer of storage's is a model of its own, in which also what a client may set is marked as it is. */
const SETTABLE = new Set(["customDomain", "sasPolicy", "keyPolicy", "encryption", "accessTier", "networkRuleSet"]);

describe("what only Azure sets", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud({ throttling: false })));
  afterAll(() => cloud.close());

  it.each(TYPES)(
    "%s: of %s is neither kept nor shown where a client sends it",
    async (sdk, model, id, version, properties, top) => {
      const names = readOnlyFields(sdk, model).filter((name) => !SETTABLE.has(name));
      expect(names).toContain("provisioningState");
      const sent = Object.fromEntries(names.map((name) => [name, SENT]));
      const { status } = await cloud.send("PUT", `${id}?api-version=${version}`, {
        body: { location: "westeurope", ...top, properties: { ...sent, ...properties }, etag: SENT, systemData: SENT },
      });
      expect(status).toBeLessThan(300);
      await cloud.pass(60);
      const seen = await cloud.send("GET", `${id}?api-version=${version}`);
      expect(seen.body.properties.provisioningState).toBe("Succeeded");
      expect(seen.text).not.toContain(SENT);
    },
  );

  it.each(["2022-07-01", "2025-10-01"])("of an image template is dropped by version %s", async (version) => {
    const properties = {
      provisioningState: "Failed",
      provisioningError: { provisioningErrorCode: "Other", message: SENT },
      lastRunStatus: { runState: "Succeeded", message: SENT },
      exactStagingResourceGroup: SENT,
    };
    const id = `${ids.template(`t-${version}`)}?api-version=${version}`;
    const { status } = await cloud.send("PUT", id, {
      body: templateBody(properties, { systemData: { createdBy: SENT } }),
    });
    expect(status).toBe(201);
    expect((await rawTemplate(cloud, `t-${version}`)).properties).toMatchObject({
      provisioningState: "Creating",
      exactStagingResourceGroup: "",
    });
    await cloud.pass(60);
    const seen = await cloud.send("GET", id);
    expect(seen.text).not.toContain(SENT);
    expect(seen.body.properties).not.toHaveProperty("lastRunStatus");
  });
});
