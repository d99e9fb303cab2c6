/** What a preflight costs on the dearest grounds: each kind of source in each topology, and all that can be far away. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { recollection } from "../../src/azure/recollection.ts";
import type { WholePlan } from "../../src/domain/plan.ts";
import type { Recipe } from "../../src/domain/recipes/schema.ts";
import { serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { application, cloudGround, CONTAINER_DELEGATION, forcedTable } from "../support/cloudGround.ts";
import { besideNetwork, NETWORK_GROUP } from "../support/cloudNetwork.ts";
import { ids, TEMPLATE_GROUP } from "../support/cloudTemplates.ts";
import { isolatedVm, landscapePlan, predict, readerOf } from "../support/preflightGround.ts";
import { sampleSource } from "../support/plan.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const { forceToFirewall, letReadFirewalls, put, putBuildSubnet, putContainerSubnet, putPolicy, settle } = cloudGround(
  () => cloud,
);
const elsewhere = (type: string, name: string) => besideNetwork(type, name).replace(NETWORK_GROUP, TEMPLATE_GROUP);
const own = { vmSize: "Standard_D2s_v5", osDiskSizeGB: 0 };
const TOPOLOGIES: Record<string, Recipe["vmProfile"] | undefined> = {
  "in a network of image builder's own": own,
  "in one subnet": undefined,
  "in two subnets": isolatedVm,
};
const SOURCES: Record<string, Recipe["source"]> = {
  "the latest of the marketplace": sampleSource(),
  "one that is bought": {
    ...sampleSource(),
    planInfo: { planPublisher: "seller", planProduct: "product", planName: "plan" },
  },
  "the latest of a gallery": {
    type: "SharedImageVersion",
    imageVersionId: `${ids.definition}/versions/latest`.replace("/galleries/", "/galleries/other-"),
  },
  "a managed image": {
    type: "ManagedImage",
    imageId: `${ids.subscription}/resourceGroups/rg-others/providers/Microsoft.Compute/images/base`,
  },
};
/** The built-in role Owner. */
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const OWNER_ASSIGNMENT = "9d3f4f0e-5d0b-4d7e-9b0a-00000000000b";
const sold = (image: string) =>
  cloud.publishPlatformImage({
    ...pick(sampleSource()),
    version: "24.04.202612010",
    ...(image === "one that is bought" && { plan: { publisher: "seller", product: "product", name: "plan" } }),
  });
const pick = ({ publisher, offer, sku }: { publisher: string; offer: string; sku: string }) => ({
  publisher,
  offer,
  sku,
});
const planOf = (vm: Recipe["vmProfile"] | undefined, source: Recipe["source"]): WholePlan =>
  landscapePlan({ source, ...(vm && { vmProfile: vm }) });

/** Policies that are each based on the next. @returns the first. */
async function putPolicies(levels: number): Promise<string> {
  let base: string | undefined;
  for (let level = levels; level > 0; level--) base = await putPolicy(`policy-${level}`, [application(["*"])], base);
  return base ?? "";
}

/** Both subnets have groups, route tables and NAT gateways, and nothing is in the network's own group. */
async function farGround(levels: number): Promise<void> {
  await letReadFirewalls();
  await forceToFirewall(await putPolicies(levels), { firewallId: elsewhere("azureFirewalls", "fw") });
  const [group, table, gateway] = [
    elsewhere("networkSecurityGroups", "nsg-c"),
    elsewhere("routeTables", "rt-c"),
    elsewhere("natGateways", "nat"),
  ];
  await put(group, {});
  await put(table, {});
  await put(gateway, {}, { location: "westeurope", sku: { name: "Standard" } });
  await settle();
  const serviceEndpoints = [{ service: "Microsoft.Storage" }];
  await putBuildSubnet({ routeTable: forcedTable, natGateway: { id: gateway }, serviceEndpoints });
  await settle();
  await putContainerSubnet({
    ...CONTAINER_DELEGATION,
    networkSecurityGroup: { id: group },
    routeTable: { id: table },
    natGateway: { id: gateway },
  });
  await settle();
}

/** Reads of one preflight as the cloud has seen them, and of the same two minutes later; and what was not read. */
async function cost(plan: WholePlan) {
  const memory = recollection(readerOf(cloud), { now: () => cloud.clock.now() });
  const reads = () =>
    cloud
      .requests()
      .requests.filter(({ kind, principal }) => kind === "arm" && principal === serviceIdentity.principalId).length;
  const before = reads();
  const found = await predict(cloud, plan, memory.reader());
  const first = reads() - before;
  await cloud.pass(120);
  await predict(cloud, plan, memory.reader());
  return {
    first,
    again: reads() - before - first,
    found,
    unread: found.filter(({ seen }) => /was not read/.test(seen)),
  };
}

const CASES = Object.keys(TOPOLOGIES).flatMap((topology) => Object.keys(SOURCES).map((source) => [topology, source]));

describe("a preflight takes at most 22 reads, and 10 once the ground is known", () => {
  it.each(CASES)("%s from %s, far from all it needs", async (topology = "", source = "") => {
    sold(source);
    await farGround(3);
    const { first, again, unread } = await cost(planOf(TOPOLOGIES[topology], SOURCES[source] ?? sampleSource()));
    expect(unread).toEqual([]);
    expect(first).toBeLessThanOrEqual(22);
    expect(again).toBeLessThanOrEqual(10);
  });

  it("with rights of the network's group only", async () => {
    await forceToFirewall(await putPolicies(2));
    await putBuildSubnet({ routeTable: forcedTable });
    await settle();
    await putContainerSubnet({ ...CONTAINER_DELEGATION, routeTable: forcedTable });
    await settle();
    sold("one that is bought");
    const { first, again, unread } = await cost(planOf(isolatedVm, SOURCES["one that is bought"] ?? sampleSource()));
    expect(unread).toEqual([]);
    expect(first).toBeLessThanOrEqual(22);
    expect(again).toBeLessThanOrEqual(10);
  });

  it("where each subnet is forced to a firewall of its own, and by the names that each lets out", async () => {
    await farGround(1);
    const table = elsewhere("routeTables", "rt-c");
    const policy = await putPolicy("of-containers", [application(["*.blob.core.windows.net"])]);
    const firewallId = elsewhere("azureFirewalls", "fw-c");
    await forceToFirewall(policy, { firewallId, tableId: table, address: "10.40.3.5" });
    const { first, again, found } = await cost(landscapePlan({ vmProfile: isolatedVm, egress: [] }));
    expect(found.filter(({ severity }) => severity === "blocks").map(({ seen }) => seen)).toEqual([
      expect.stringMatching(/of-containers does not let out management\.azure\.com/),
      expect.stringMatching(/of-containers does not let out \*\.file\.core\.windows\.net/),
    ]);
    expect(first).toBeLessThanOrEqual(22);
    expect(again).toBeLessThanOrEqual(10);
  });

  it("where the service's rights are of Azure's own roles", async () => {
    await farGround(2);
    const held = Object.values(cloud.state().roleAssignments).filter(
      ({ principalId }) => principalId === serviceIdentity.principalId,
    );
    for (const { id } of held) await cloud.send("DELETE", `${String(id)}?api-version=2022-04-01`);
    await cloud.operator.authorization.roleAssignments.create(ids.subscription, OWNER_ASSIGNMENT, {
      roleDefinitionId: ids.role(OWNER),
      principalId: serviceIdentity.principalId,
      principalType: "ServicePrincipal",
    });
    await cloud.pass(600);
    const { first, again } = await cost(planOf(isolatedVm, sampleSource()));
    expect(first).toBeLessThanOrEqual(22);
    expect(again).toBeLessThanOrEqual(10);
  });

  it("and four more where it may read neither role assignments nor definitions", async () => {
    await farGround(1);
    const path = "role(Assignments|Definitions)(/[^/]+)?$";
    cloud.addFault({ method: "GET", path, kind: "respond", status: 403, code: "AuthorizationFailed" });
    const { first, again } = await cost(planOf(isolatedVm, sampleSource()));
    expect(first).toBeLessThanOrEqual(22);
    expect(again).toBeLessThanOrEqual(10 + 4);
  });

  it("and says what it has not read where there is more", async () => {
    sold("one that is bought");
    await farGround(4);
    const { first, again, unread } = await cost(planOf(isolatedVm, SOURCES["one that is bought"] ?? sampleSource()));
    expect(unread.map(({ code, seen }) => [code, seen])).toEqual([
      ["egress-appliance-unknown", expect.stringContaining("a preflight takes 22 reads")],
    ]);
    expect(first).toBeLessThanOrEqual(22);
    expect(again).toBeLessThanOrEqual(10);
  });
});
