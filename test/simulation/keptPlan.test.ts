import { beforeAll, describe, expect, it } from "vitest";
import { archiveNames } from "../../src/domain/archiveNames.ts";
import type { WholePlan } from "../../src/domain/plan.ts";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import type { Evidence } from "../support/faults/evidence.ts";
import { withActivities } from "../support/faults/otherActivities.ts";
import { onStage, type Stage } from "../support/faults/stage.ts";
import { IMAGES, MOMENTS } from "../support/faults/strikes.ts";
import { putDocument, terminatedInItsRun } from "../support/faults/sweeping.ts";
import { warmUp } from "../support/simulation/simulation.ts";
import { grantOf } from "../support/plan.ts";

beforeAll(warmUp, 120_000);

const IMAGE = "aks-jumpbox";
const OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

type Kept = WholePlan & { begunAt: string };

/** Somebody else writes another plan of the build into the archive. */
function change(stage: Stage, to: (plan: Kept) => unknown): void {
  const name = archiveNames.plan(IMAGE, stage.first());
  const plan = JSON.parse(stage.world.archive.text("archive", name) ?? "") as Kept;
  putDocument(stage, name, to(plan));
}

/** What Azure was asked to change. */
const changesIn = ({ requests }: Evidence) =>
  requests.filter(({ method, path }) => method !== "GET" && path.startsWith("/subscriptions/"));

/** The build is planned, somebody changes the plan in the archive, and the step is delivered once more. */
async function changedBetweenDeliveries(to: (plan: Kept) => unknown): Promise<Evidence> {
  let current: Stage | undefined;
  const setting = withActivities({
    planBuild: async (activity, functions) => {
      await functions.callActivity(activity);
      if (current) change(current, to);
      current = undefined;
      return functions.callActivity(activity);
    },
  });
  return onStage(setting, async (stage) => {
    current = stage;
    await stage.ask();
  });
}

describe("the plan of a build", () => {
  it("has the template in the archive only, so that no history grows with a recipe", async () => {
    const evidence = await onStage({}, (stage) => stage.ask());
    const kept = evidence.archive.text("archive", archiveNames.plan(IMAGE, evidence.builds[0]?.id ?? "")) ?? "";
    const { template } = JSON.parse(kept) as WholePlan;
    const histories = JSON.stringify(evidence.instances);
    const lines = (template.customize ?? []).flatMap((one) => ("inline" in one ? (one.inline ?? []) : []));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(histories.includes(JSON.stringify(line).slice(1, -1)), line).toBe(false);
  });

  it("is not carried out where somebody has changed it in the archive meanwhile", async () => {
    const evidence = await onStage({}, (stage) => {
      stage.when(MOMENTS["granting network join"], {
        before: () =>
          change(stage, (plan) => JSON.parse(JSON.stringify(plan).replace("updates", "something else")) as Kept),
      });
    });
    expect(evidence.builds[0]?.receipt?.outcome).toMatchObject({ kind: "failed", failure: { code: "plan-changed" } });
    expect(evidence.requests.filter(({ method, path }) => method === "PUT" && path.includes("imageTemplates"))).toEqual(
      [],
    );
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it.each<[string, (plan: Kept) => unknown]>([
    [
      "other grants",
      (plan) => {
        const grant = grantOf(plan, "image creation");
        const roleDefinitionId = grant.roleDefinitionId.replace(/[^/]+$/, OWNER);
        const scope = IMAGES.replace(/\/resourceGroups.*/, "");
        return { ...plan, grants: [{ ...grant, scope, roleDefinitionId }] };
      },
    ],
    [
      "other names",
      (plan) => ({ ...plan, attempts: plan.attempts.map((one) => ({ ...one, templateName: "somebody-elses" })) }),
    ],
    ["another template", (plan) => ({ ...plan, template: { ...plan.template, customize: [] } })],
    ["a later beginning", (plan) => ({ ...plan, begunAt: "2099-01-01T00:00:00.000Z" })],
    ["nothing that is a plan", () => []],
  ])("is not taken from the archive where it has %s by the time that it is made again", async (_, to) => {
    const evidence = await changedBetweenDeliveries(to);
    const { receipt } = evidence.builds[0] ?? {};
    expect(receipt?.outcome).toMatchObject({ kind: "failed", failure: { code: "plan-changed" } });
    expect(receipt?.cleanUp).toEqual({ kind: "clean" });
    expect(changesIn(evidence)).toEqual([]);
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it("is not carried out where it seems to be an earlier instance's by then, and the sweeper closes the build", async () => {
    const evidence = await changedBetweenDeliveries((plan) => ({ ...plan, begunAt: "2020-01-01T00:00:00.000Z" }));
    expect(evidence.builds[0]?.receipt?.outcome).toMatchObject({ kind: "failed", failure: { code: "build-lost" } });
    expect(changesIn(evidence)).toEqual([]);
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it("tells the sweeper of no template and no group but the build's own, whatever has become of it", async () => {
    const evidence = await onStage({}, async (stage) => {
      await terminatedInItsRun(stage);
      change(stage, (plan) => ({
        ...plan,
        attempts: plan.attempts.map((one) => ({ ...one, stagingResourceGroup: `${IMAGES}; reboot` })),
      }));
    });
    expect(evidence.builds[0]?.receipt).toMatchObject({ cleanUp: { kind: "clean" }, log: { kind: "archived" } });
    expect(evidence.requests.filter(({ path }) => path.includes("reboot"))).toEqual([]);
    expect(brokenPromises(evidence)).toEqual([]);
  });
});
