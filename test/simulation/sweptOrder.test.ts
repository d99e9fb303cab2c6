import { beforeAll, describe, expect, it } from "vitest";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import type { Evidence } from "../support/faults/evidence.ts";
import { ownOf } from "../support/faults/ours.ts";
import { HOUR, onStage } from "../support/faults/stage.ts";
import { MOMENTS, PATHS } from "../support/faults/strikes.ts";
import { terminatedInItsRun, until } from "../support/faults/sweeping.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

/** When each grant of the first build went, and with which templates still there. */
function ends({ held, builds }: Evidence) {
  return ownOf(builds[0]?.id ?? "").grants.map(({ id, role }) => {
    const { to = Infinity, templates } = held.find((one) => one.id.toLowerCase() === id) ?? {};
    return { role, to, templates };
  });
}

describe("of a dead build the sweeper takes", () => {
  it("image creation first, and network join once template and staging group are gone", async () => {
    let groupsAtEnd: unknown;
    const evidence = await onStage({}, async (stage) => {
      stage.when(MOMENTS["revoking network join"], {
        before: () => void (groupsAtEnd = stage.world.cloud.state().resourceGroups),
      });
      await terminatedInItsRun(stage);
    });
    expect(brokenPromises(evidence)).toEqual([]);
    const [imageCreation, networkJoin] = ends(evidence);
    expect(imageCreation?.to).toBeLessThan(networkJoin?.to ?? 0);
    expect(networkJoin?.to).toBeLessThan(Infinity);
    expect(networkJoin?.templates).toEqual([]);
    expect(JSON.stringify(groupsAtEnd)).toContain("rg-network");
    expect(JSON.stringify(groupsAtEnd)).not.toContain("-staging");
    expect(evidence.builds[0]?.receipt?.cleanUp).toEqual({ kind: "clean" });
  });

  it("network join at its deadline all the same, where the template cannot be deleted until then", async () => {
    const evidence = await onStage({}, async (stage) => {
      stage.fault({ method: "DELETE", path: PATHS.template, status: 409, code: "ScopeLocked", message: "A lock." });
      await terminatedInItsRun(stage);
      await until(stage, 12 * 60, () => stage.seen.held.filter(({ to }) => to !== undefined).length === 2);
      await stage.sleep(HOUR);
      stage.world.cloud.clearFaults();
    });
    expect(brokenPromises(evidence)).toEqual([]);
    const [imageCreation, networkJoin] = ends(evidence);
    const apart = (networkJoin?.to ?? 0) - (imageCreation?.to ?? 0);
    expect(apart).toBeGreaterThan(4 * HOUR * 1000);
    expect(apart).toBeLessThan(8 * HOUR * 1000);
    expect(networkJoin?.templates).toEqual([expect.stringContaining(evidence.builds[0]?.id ?? "-")]);
  });
});
