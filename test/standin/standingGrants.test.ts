import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { preflight } from "../../src/activities/preflight.ts";
import { recollection } from "../../src/azure/recollection.ts";
import { ledger as ledgerOf } from "../../src/azure/ledger.ts";
import type { AcceptedGrant } from "../../src/domain/standingGrant.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { finish, grantBuilder, grants, ids, TEMPLATE_GROUP, templateModel } from "../support/cloudTemplates.ts";
import { landscapePlan, readerOf, settings } from "../support/preflightGround.ts";
import { memoryArchive } from "../support/simulation/memoryArchive.ts";
import { grantOf } from "../support/plan.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(async () => {
  cloud.reset();
  await grantBuilder(cloud, "imageCreation");
  await cloud.pass(60);
});
afterAll(() => cloud.close());

const standing = ids.assignment(ids.imageGroup, grants.imageCreation);
const plan = landscapePlan();
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

/** Ids of the role assignments that block a build. */
async function blocking(accepted: AcceptedGrant[] = [], archive?: Awaited<ReturnType<typeof memoryArchive>>) {
  const memory = recollection(readerOf(cloud));
  const check = preflight(memory, { ...settings, acceptedGrants: accepted }, archive ?? (await memoryArchive()));
  const findings = (await check(plan)).findings.filter(({ severity }) => severity === "blocks");
  expect(findings.every(({ code }) => code === "builder-standing-grant")).toBe(true);
  return findings.map(({ resource }) => resource.toLowerCase());
}

describe("a role assignment that the builder holds at rest", () => {
  it("blocks builds", async () => {
    expect(await blocking()).toEqual([standing.toLowerCase()]);
  });

  it("blocks none where the settings accept that very one, until their date", async () => {
    expect(await blocking([{ id: standing, until: inDays(1) }])).toEqual([]);
    expect(await blocking([{ id: standing, until: inDays(-1) }])).toEqual([standing.toLowerCase()]);
    expect(await blocking([{ id: `${standing}0`, until: inDays(1) }])).toEqual([standing.toLowerCase()]);
  });

  it("blocks none where a lease of this installation is of it", async () => {
    const archive = await memoryArchive();
    const holders = [{ buildId: "other", until: inDays(1) }];
    await ledgerOf(archive, settings.installationId).writeLease({
      grant: { ...grantOf(plan, "image creation"), name: grants.imageCreation },
      holders,
      assignment: "present",
      installationId: settings.installationId,
    });
    expect(await blocking([], archive)).toEqual([]);
  });

  it("is not image builder's own, on the staging group of a template", async () => {
    await grantBuilder(cloud, "networkJoin");
    await cloud.pass(60);
    const { virtualMachineImageTemplates: templates } = cloud.service.imageBuilder;
    await finish(cloud, templates.createOrUpdate(TEMPLATE_GROUP, "t", templateModel()));
    expect(JSON.stringify(cloud.state().roleAssignments)).toMatch(/\/resourceGroups\/IT_/i);
    const own = [standing, ids.assignment(ids.network, grants.networkJoin)];
    expect((await blocking()).toSorted()).toEqual(own.map((id) => id.toLowerCase()).toSorted());
  });
});
