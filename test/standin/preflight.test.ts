import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ArmReader } from "../../src/azure/armReader.ts";
import { recollection } from "../../src/azure/recollection.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { application, cloudGround, forcedTable } from "../support/cloudGround.ts";
import { ids } from "../support/cloudTemplates.ts";
import { predict, landscapePlan, readerOf } from "../support/preflightGround.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const { forceToFirewall, putBuildSubnet, putPolicy, putSubnet, settle } = cloudGround(() => cloud);
const codes = async (plan = landscapePlan()) => {
  const findings = await predict(cloud, plan);
  return findings.map(({ code }) => code);
};
/** A reader that counts, and takes 50 ms of the cloud's time for each read. */
function slowReader() {
  const reader = readerOf(cloud);
  let reads = 0;
  const slow = async <T>(read: () => Promise<T>): Promise<T> => {
    reads += 1;
    await cloud.clock.sleep(50);
    return read();
  };
  const counted: ArmReader = {
    get: (...asked) => slow(() => reader.get(...asked)),
    list: (...asked) => slow(() => reader.list(...asked)),
  };
  return { counted, reads: () => reads };
}

describe("the preflight of a build", () => {
  it("finds nothing in the landscape, whose security group has the least rules of the documents", async () => {
    expect(await codes()).toEqual([]);
  });

  it("takes at most 22 reads and 2 seconds at 50 ms a read, and 10 once the ground is known", async () => {
    const { counted, reads } = slowReader();
    const memory = recollection(counted);
    const before = cloud.clock.now();
    await predict(cloud, landscapePlan(), memory.reader());
    expect(reads()).toBeLessThanOrEqual(22);
    expect(cloud.clock.now() - before).toBeLessThan(2000);
    const first = reads();
    await cloud.pass(120);
    await predict(cloud, landscapePlan(), memory.reader());
    expect(reads() - first).toBeLessThanOrEqual(10);
  });

  it("shares what is read between builds of one tick, but for access", async () => {
    const { counted, reads } = slowReader();
    const memory = recollection(counted);
    const one = predict(cloud, landscapePlan(), memory.reader());
    const other = predict(cloud, landscapePlan(), memory.reader());
    expect(await one).toEqual(await other);
    expect(reads()).toBeLessThanOrEqual(22 + 10);
  });

  it("never remembers what is of access", async () => {
    const memory = recollection(readerOf(cloud));
    const path = `${ids.subscription}/providers/Microsoft.Authorization/roleAssignments`;
    const reader = memory.reader();
    await reader.list(path, "2022-04-01");
    await reader.list(path, "2022-04-01");
    expect(reader.hasRecalled).toBe(false);
  });

  it("tells what it may not read, and checks the rest", async () => {
    const fault = { method: "GET", path: "/(usages|networkSecurityGroups/[^/]+)$", kind: "respond" };
    cloud.addFault({ ...fault, status: 403, code: "AuthorizationFailed" } as Parameters<typeof cloud.addFault>[0]);
    await putBuildSubnet({ privateLinkServiceNetworkPolicies: "Enabled" });
    await settle();
    expect(new Set(await codes())).toEqual(
      new Set([
        "private-link-service-policies-enabled",
        "security-group-unreadable",
        "subnet-usages-unreadable",
        "compute-usages-unreadable",
        "container-usages-unreadable",
      ]),
    );
  });

  it("takes several prefixes, a subnet without a group and ids in capitals as they come", async () => {
    await putSubnet("snet-builds", {
      addressPrefixes: ["10.40.0.0/27", "10.40.1.0/28"],
      privateLinkServiceNetworkPolicies: "Disabled",
    });
    await settle();
    const vm = { size: "Standard_D2s_v5", osDiskSizeGB: 0, subnetId: ids.subnet.toUpperCase() };
    expect(await codes(landscapePlan({ vm }))).toEqual([]);
  });
});

/** Forces the build VM's subnet to a firewall that lets out some names itself, and others by its base policy. */
async function force(rules: object[], base: string[], changes: object = {}) {
  await forceToFirewall(await putPolicy("policy", rules, await putPolicy("base", [application(base)])));
  await putBuildSubnet({ routeTable: forcedTable, defaultOutboundAccess: false, ...changes });
  await settle();
}

describe("a subnet whose traffic is forced to a firewall", () => {
  const egress = [
    { name: "github.com", ports: [443] },
    { name: "archive.ubuntu.com", ports: [80] },
  ];
  const ubuntu = application(["*.ubuntu.com"], "Http", 80);
  const OWN = ["*.blob.core.windows.net", "management.azure.com"];

  it("is no fault where its policy lets out what the recipe reaches, itself or by its base", async () => {
    await force([application(["github.com"]), ubuntu], OWN);
    expect(await codes(landscapePlan({ egress }))).toEqual([]);
  });

  it("is no fault where a service endpoint leads to image builder's storage past it", async () => {
    const serviceEndpoints = [{ service: "Microsoft.Storage", locations: ["westeurope", "northeurope"] }];
    await force([application(["github.com"]), ubuntu], ["management.azure.com"], { serviceEndpoints });
    expect(await codes(landscapePlan({ egress }))).toEqual([]);
  });

  it("lacks the names that it does not let out", async () => {
    await force([ubuntu], OWN);
    const findings = await predict(cloud, landscapePlan({ egress }));
    expect(findings.filter(({ code }) => code === "egress-denied").map(({ seen }) => seen)).toEqual([
      expect.stringContaining("does not let out github.com at TCP 443"),
    ]);
  });

  it("may lack them where the firewall cannot be read", async () => {
    await force([ubuntu], OWN);
    cloud.addFault({
      method: "GET",
      path: "azureFirewalls$",
      kind: "respond",
      status: 403,
      code: "AuthorizationFailed",
    });
    expect(await codes(landscapePlan({ egress }))).toEqual(["egress-appliance-unknown"]);
  });
});
