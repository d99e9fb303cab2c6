import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { preflight } from "../../src/activities/preflight.ts";
import type { ArmReader } from "../../src/azure/armReader.ts";
import { recollection } from "../../src/azure/recollection.ts";
import type { WholePlan } from "../../src/domain/plan.ts";
import { serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { application, cloudGround, CONTAINER_DELEGATION, forcedTable } from "../support/cloudGround.ts";
import { besideNetwork, NETWORK_GROUP } from "../support/cloudNetwork.ts";
import { ids, TEMPLATE_GROUP } from "../support/cloudTemplates.ts";
import { isolatedLandscapePlan, landscapePlan, predict, readerOf, settings } from "../support/preflightGround.ts";
import { memoryArchive } from "../support/simulation/memoryArchive.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const { forceToFirewall, letReadFirewalls, put, putBuildSubnet, putContainerSubnet, putPolicy, settle } = cloudGround(
  () => cloud,
);

/** A reader that takes 50 ms of the cloud's time for each read. */
function slowReader(): ArmReader {
  const reader = readerOf(cloud);
  return {
    get: async (...asked) => cloud.clock.sleep(50).then(() => reader.get(...asked)),
    list: async (...asked) => cloud.clock.sleep(50).then(() => reader.list(...asked)),
  };
}

/** What remembers by the cloud's clock. */
const remembering = () => recollection(slowReader(), { now: () => cloud.clock.now() });

/** The service's requests to ARM so far, as the cloud has seen them: pages and repetitions, too. */
const requests = () =>
  cloud.requests().requests.filter(({ kind, principal }) => kind === "arm" && principal === serviceIdentity.principalId)
    .length;

const PROVIDERS = [`${ids.subscription}/providers`, "2022-09-01"] as const;
const USAGES = [`${PROVIDERS[0]}/Microsoft.Compute/locations/westeurope/usages`, "2024-07-01"] as const;
const vmProfile = { vmSize: "Standard_D2s_v5", osDiskSizeGB: 0 };
const elsewhere = besideNetwork("azureFirewalls", "fw").replace(NETWORK_GROUP, TEMPLATE_GROUP);

/** Both subnets have groups and route tables of their own, and a firewall whose policy is based on another. */
async function everything(firewallId?: string): Promise<void> {
  const base = await putPolicy("base", [application(["*.blob.core.windows.net", "management.azure.com"])]);
  await forceToFirewall(
    await putPolicy("policy", [application(["*"]), application(["*"], "Http", 80)], base),
    firewallId ? { firewallId } : {},
  );
  await letReadFirewalls();
  const [group, table] = [besideNetwork("networkSecurityGroups", "nsg-c"), besideNetwork("routeTables", "rt-c")];
  await put(group, {});
  await put(table, {});
  await settle();
  await putBuildSubnet({ routeTable: forcedTable });
  await settle();
  await putContainerSubnet({ ...CONTAINER_DELEGATION, networkSecurityGroup: { id: group }, routeTable: { id: table } });
  await settle();
}

describe("a preflight takes at most 22 reads and 2 seconds at 50 ms a read, and 10 reads once the ground is known", () => {
  it.each<[string, () => WholePlan, (() => Promise<unknown>)?]>([
    ["in a network of image builder's own", () => landscapePlan({ vmProfile })],
    ["in one subnet", () => landscapePlan()],
    ["in one subnet behind a firewall", () => landscapePlan(), () => everything()],
    ["in two subnets", isolatedLandscapePlan, () => putContainerSubnet().then(settle)],
    ["in two subnets with groups and route tables, behind a firewall", isolatedLandscapePlan, () => everything()],
    ["the same, with the firewall in another group", isolatedLandscapePlan, () => everything(elsewhere)],
  ])("%s", async (_, plan, make) => {
    await make?.();
    const memory = remembering();
    const [before, started] = [requests(), cloud.clock.now()];
    expect(await predict(cloud, plan(), memory.reader())).toEqual([]);
    const [first, took] = [requests() - before, cloud.clock.now() - started];
    await cloud.pass(120);
    await predict(cloud, plan(), memory.reader());
    const again = requests() - before - first;
    expect(first).toBeLessThanOrEqual(22);
    expect(took).toBeLessThan(2000);
    expect(again).toBeLessThanOrEqual(10);
  });
});

describe("what was read of the ground", () => {
  it.each([
    ["is believed for five minutes", 299, PROVIDERS, 0],
    ["is read again after five minutes", 301, PROVIDERS, 1],
    ["is believed for half a minute where it is of quotas", 29, USAGES, 0],
    ["is read again after half a minute where it is of quotas", 31, USAGES, 1],
  ])("%s", async (_, seconds, [path, version], expected) => {
    const memory = remembering();
    expect(await memory.reader().list(path, version)).toMatchObject({ kind: "found" });
    const before = requests();
    await cloud.pass(seconds);
    await memory.reader().list(path, version);
    expect(requests() - before).toBe(expected);
  });
});

const check = async () => {
  const now = () => cloud.clock.now();
  return preflight(recollection(readerOf(cloud), { now }), settings, await memoryArchive(), now);
};
/** Reads that it takes. */
async function readsOf(act: () => Promise<unknown>): Promise<number> {
  const before = requests();
  await act();
  return requests() - before;
}

describe("a preflight in production", () => {
  it("knows the ground of some minutes ago, and in the tenth minute reads all of it again", async () => {
    const ask = await check();
    const first = await readsOf(() => ask(landscapePlan()));
    await cloud.pass(240);
    expect(await readsOf(() => ask(landscapePlan()))).toBeLessThanOrEqual(10);
    await cloud.pass(300);
    expect(await readsOf(() => ask(landscapePlan()))).toBe(first);
  });

  it("looks anew before it refuses by what it remembers, at no more reads than for the first time", async () => {
    await put(besideNetwork("routeTables", "rt-drop"), {
      routes: [{ name: "drop", properties: { addressPrefix: "0.0.0.0/0", nextHopType: "None" } }],
    });
    await settle();
    await putBuildSubnet({ routeTable: { id: besideNetwork("routeTables", "rt-drop") } });
    await settle();
    const ask = await check();
    const codes = async () => (await ask(landscapePlan())).findings.map(({ code }) => code);
    expect(await codes()).toEqual(["route-dead-end"]);
    await cloud.pass(60);
    await putBuildSubnet();
    await settle();
    let found: string[] = [];
    expect(await readsOf(async () => (found = await codes()))).toBeLessThanOrEqual(22);
    expect(found).toEqual([]);
  });
});

describe("builds of one tick", () => {
  it("share what is read, but for access", async () => {
    const memory = remembering();
    const before = requests();
    const [one, other] = await Promise.all([
      predict(cloud, landscapePlan(), memory.reader()),
      predict(cloud, landscapePlan(), memory.reader()),
    ]);
    expect(one).toEqual(other);
    expect(requests() - before).toBeLessThanOrEqual(22 + 10);
  });
});
