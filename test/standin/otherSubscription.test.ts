/** A network in another subscription: one local Azure answers for both, whatever is asked of the other with its own words. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ArmReader } from "../../src/azure/armReader.ts";
import { recollection } from "../../src/azure/recollection.ts";
import type { Observed } from "../../src/domain/preflight/observed.ts";
import { builderIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids } from "../support/cloudTemplates.ts";
import { landscapePlan, predict, readerOf, settings } from "../support/preflightGround.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const OWN = settings.subscriptionId;
const OTHER = "21111111-2222-4333-8444-555555555555";
const there = (id: string) => id.replaceAll(OWN, OTHER);
const plan = landscapePlan({
  vmProfile: { vmSize: "Standard_D2s_v5", osDiskSizeGB: 0, vnetConfig: { subnetId: there(ids.subnet) } },
});
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";

/** @param refused what is not shown in the other subscription. */
function readerOfBoth(refused = /^$/): ArmReader {
  const own = readerOf(cloud);
  const asked =
    <T>(read: (path: string, version: string, query?: Record<string, string>) => Promise<Observed<T>>) =>
    async (path: string, version: string, query?: Record<string, string>): Promise<Observed<T>> => {
      if (!path.includes(OTHER)) return read(path, version, query);
      if (refused.test(path)) {
        const message = `The client does not have authorization to perform action 'x/read' over scope '${path}'.`;
        return { resource: path, kind: "unreadable", code: "AuthorizationFailed", message };
      }
      return JSON.parse(there(JSON.stringify(await read(path.replaceAll(OTHER, OWN), version, query)))) as Observed<T>;
    };
  return { get: asked(own.get), list: asked(own.list) };
}
const told = async (refused?: RegExp) => predict(cloud, plan, readerOfBoth(refused));
const codes = async (refused?: RegExp) => (await told(refused)).map(({ code }) => code);
const TELLS = /\/subscriptions\/[^/]+\/providers\/Microsoft\.Authorization\/roleAssignments/;

describe("a network in another subscription, where the service has its rights", () => {
  it("is warned of, and the leased role has to be made assignable there", async () => {
    const findings = await told();
    expect(findings.filter(({ severity }) => severity === "blocks").map(({ code }) => code)).toEqual([
      "role-not-assignable",
    ]);
    expect(findings.map(({ code }) => code)).toContain("network-in-other-subscription");
  });

  it("is judged by the service's permissions where role assignments are not shown there, which is told", async () => {
    const findings = await told(TELLS);
    expect(findings.map(({ code }) => code)).not.toContain("service-cannot-grant");
    const unseen = findings.filter(({ code }) => code.endsWith("-assignments-unreadable"));
    expect(unseen.map(({ code }) => code)).toEqual([
      "builder-assignments-unreadable",
      "service-assignments-unreadable",
    ]);
    for (const { command } of unseen)
      expect(command).toMatch(new RegExp(`--role Reader .*--scope /subscriptions/${OTHER}$`));
  });

  it("says that it cannot be told where permissions are not shown either", async () => {
    const found = await codes(/Microsoft\.Authorization/);
    expect(found).not.toContain("service-cannot-grant");
    expect(found).toContain("service-permissions-unreadable");
  });
});

it("costs no more than a preflight may", async () => {
  const memory = recollection(readerOfBoth(), { now: () => cloud.clock.now() });
  const costs = async () => {
    const before = cloud.requests().requests.length;
    const findings = await predict(cloud, plan, memory.reader());
    expect(findings.filter(({ seen }) => /was not read/.test(seen))).toEqual([]);
    return cloud
      .requests()
      .requests.slice(before)
      .filter(({ kind }) => kind === "arm").length;
  };
  expect(await costs()).toBeLessThanOrEqual(22);
  await cloud.pass(120);
  expect(await costs()).toBeLessThanOrEqual(10);
});

it("sees what the builder holds at rest in the subscription of its network", async () => {
  await cloud.operator.authorization.roleAssignments.create(ids.network, "9d3f4f0e-5d0b-4d7e-9b0a-00000000000b", {
    roleDefinitionId: ids.role(CONTRIBUTOR),
    principalId: builderIdentity.principalId,
    principalType: "ServicePrincipal",
  });
  await cloud.pass(600);
  const standing = (await told()).filter(({ code }) => code === "builder-standing-grant");
  expect(standing.map(({ resource }) => resource)).toContainEqual(
    expect.stringContaining(`${there(ids.network)}/providers/Microsoft.Authorization/roleAssignments/`),
  );
});
