import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builderIdentity, landscapeDisk } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids } from "../support/cloudTemplates.ts";

const group = ids.imageGroup;
const osDisk = { osType: "Linux", osState: "Generalized", blobUri: landscapeDisk.url };
const rule = { ruleType: "NetworkRule", name: "ntp", ipProtocols: ["UDP"], destinationPorts: ["123"] };
const collection = {
  ruleCollectionType: "FirewallPolicyFilterRuleCollection",
  name: "all",
  priority: 100,
  action: { type: "Allow" },
  rules: [rule],
};
const container = { name: "one", properties: { resources: { requests: { cpu: 1, memoryInGB: 2 } } } };

/** A good body of each type. */
const GOOD: Record<string, [id: string, version: string, body: object]> = {
  image: [
    `${group}/providers/Microsoft.Compute/images/one`,
    "2026-04-01",
    { properties: { hyperVGeneration: "V2", storageProfile: { osDisk } } },
  ],
  version: [
    `${ids.definition}/versions/1.0.0`,
    "2025-12-03",
    {
      properties: {
        publishingProfile: { targetRegions: [{ name: "westeurope", regionalReplicaCount: 1 }] },
        storageProfile: { source: { id: `${group}/providers/Microsoft.Compute/images/one` } },
      },
    },
  ],
  disk: [
    `${group}/providers/Microsoft.Compute/disks/one`,
    "2025-01-02",
    { zones: ["1"], properties: { diskSizeGB: 4, creationData: { createOption: "Empty" } } },
  ],
  containerGroup: [
    `${group}/providers/Microsoft.ContainerInstance/containerGroups/one`,
    "2025-09-01",
    { properties: { osType: "Linux", containers: [container] } },
  ],
  account: [
    `${group}/providers/Microsoft.Storage/storageAccounts/goodaccount1`,
    "2025-01-01",
    {
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      properties: { accessTier: "Hot", networkAcls: { defaultAction: "Deny" } },
    },
  ],
  credential: [
    `${builderIdentity.id}/federatedIdentityCredentials/build`,
    "2023-01-31",
    { properties: { issuer: "https://localhost", subject: "one", audiences: ["two"] } },
  ],
  firewallRules: [
    `${group}/providers/Microsoft.Network/firewallPolicies/one/ruleCollectionGroups/all`,
    "2026-01-01",
    { properties: { priority: 200, ruleCollections: [collection] } },
  ],
  address: [
    `${group}/providers/Microsoft.Network/publicIPAddresses/one`,
    "2026-01-01",
    { sku: { name: "Standard" }, properties: { publicIPAllocationMethod: "Static", idleTimeoutInMinutes: 4 } },
  ],
};

describe("a body that Azure's specification does not allow", () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startCloud();
    const policy = `${group}/providers/Microsoft.Network/firewallPolicies/one?api-version=2026-01-01`;
    await cloud.send("PUT", policy, { body: { location: "westeurope", properties: {} } });
  });
  afterAll(() => cloud.close());

  const put = (kind: string, change: (body: object) => object = (body) => body) => {
    const [id, version, body] = GOOD[kind] ?? ["", "", {}];
    return cloud.send("PUT", `${id}?api-version=${version}`, { body: { location: "westeurope", ...change(body) } });
  };

  it.each([
    ["image", "properties.storageProfile", undefined],
    ["image", "properties.storageProfile.osDisk.osType", undefined],
    ["image", "properties.storageProfile.osDisk.osState", "Sealed"],
    ["image", "properties.hyperVGeneration", "V3"],
    ["version", "properties.storageProfile", undefined],
    ["version", "properties.storageProfile.source", undefined],
    ["version", "properties.publishingProfile.targetRegions.0.name", undefined],
    ["version", "properties.publishingProfile.targetRegions.0.regionalReplicaCount", 0],
    ["version", "properties.publishingProfile.replicationMode", "Slow"],
    ["disk", "properties.creationData", undefined],
    ["disk", "properties.creationData.createOption", undefined],
    ["disk", "properties.diskSizeGB", "4"],
    ["disk", "zones", "1"],
    ["containerGroup", "properties.containers", undefined],
    ["containerGroup", "properties.containers.0.properties.resources.requests.cpu", undefined],
    ["account", "kind", undefined],
    ["account", "sku.name", "Cheap"],
    ["account", "properties.accessTier", "Warm"],
    ["account", "properties.networkAcls.defaultAction", undefined],
    ["credential", "properties.audiences", undefined],
    ["firewallRules", "properties.priority", 99],
    ["firewallRules", "properties.ruleCollections.0.ruleCollectionType", "Other"],
    ["firewallRules", "properties.ruleCollections.0.rules.0.ruleType", undefined],
    ["firewallRules", "properties.ruleCollections.0.rules.0.destinationPorts", "123"],
    ["address", "properties.publicIPAllocationMethod", "Sometimes"],
    ["address", "properties.idleTimeoutInMinutes", 31],
    ["address", "identity", "mine"],
  ])("%s with %s being %s is refused", async (kind, path, value) => {
    const { status, body } = await put(kind, (good) => changed(good, path.split("."), value) as object);
    expect({ status, code: body.error?.code }).toEqual({ status: 400, code: "InvalidRequestFormat" });
    expect(path.startsWith(body.error.details[0].target)).toBe(true);
  });

  it.each(Object.keys(GOOD))("is none of %s", async (kind) => {
    expect((await put(kind)).status).toBeLessThan(300);
  });

  it("is a name of a federated credential that is too short", async () => {
    const [id, version, body] = GOOD.credential ?? [];
    const answer = await cloud.send("PUT", `${id?.replace(/build$/, "ci")}?api-version=${version}`, { body });
    expect(answer.status).toBe(400);
  });
});

/** @param value instead of what is at the path; nothing is taken away. */
function changed(node: unknown, [name = "", ...rest]: string[], value: unknown): unknown {
  const part = rest.length > 0 ? changed((node as Record<string, unknown>)[name], rest, value) : value;
  if (Array.isArray(node)) return node.map((item: unknown, at) => (String(at) === name ? part : item));
  return { ...(node as object), [name]: part };
}
