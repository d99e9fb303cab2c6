import { beforeAll, describe, expect, it } from "vitest";
import { NOT_READ_BACK } from "../../src/domain/leftover.ts";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { HOUR, MINUTE, onStage, type Stage } from "../support/faults/stage.ts";
import { MOMENTS } from "../support/faults/strikes.ts";
import { purge, withoutArchive } from "../support/faults/sweeping.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

/** The engine knows nothing of any lease any more. */
async function loseLeases(stage: Stage): Promise<void> {
  const leases = [...stage.host.hub.instances.keys()].filter((id) => id.startsWith("@lease@"));
  expect(leases).toHaveLength(2);
  for (const one of leases) await purge(stage, encodeURIComponent(one));
  expect([...stage.host.hub.instances.keys()].filter((id) => id.startsWith("@lease@"))).toEqual([]);
}

const isHeld = ({ seen }: Stage) => seen.held.some(({ to }) => to === undefined);

/** In a build's run the engine loses its leases, and from then on for so long the archive does not answer all. */
function lostInItsRun(isPart: (path: string) => boolean, seconds: number, then: (stage: Stage) => unknown = () => {}) {
  let isOut = false;
  const setting = { wrapWorld: withoutArchive((_, path) => isOut && isPart(path)) };
  return onStage(setting, async (stage) => {
    stage.when(MOMENTS.running, {
      after: async () => {
        await loseLeases(stage);
        isOut = true;
      },
    });
    await stage.ask();
    await stage.sleep(seconds);
    expect(isOut).toBe(true);
    expect(isHeld(stage)).toBe(true);
    isOut = false;
    await then(stage);
  });
}

describe("a grant whose lease the engine has lost while its ledger cannot be read", () => {
  it.each<[string, (path: string) => boolean]>([
    ["the ledger", (path) => path.includes("leases")],
    ["the whole archive", () => true],
  ])("is told as in doubt by its build, and goes once %s is back", async (_, isPart) => {
    const evidence = await lostInItsRun(isPart, 4 * HOUR);
    const { receipt } = evidence.builds[0] ?? {};
    const { cleanUp, grants = [] } = receipt ?? {};
    expect(cleanUp).toEqual({
      kind: "leftovers",
      // Nobody can say whether others hold it, and so nobody is told to delete it.
      leftovers: grants.map(({ name, scope }) => ({
        id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
        why: expect.stringMatching(new RegExp(`${NOT_READ_BACK}.*leases/${name}.json`)),
      })),
    });
    expect(grants).toHaveLength(2);
    expect(evidence.held.every(({ to }) => to !== undefined)).toBe(true);
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it("goes with the first sweep after the outage where its time was over meanwhile", async () => {
    let backAt = 0;
    const evidence = await lostInItsRun(
      () => true,
      16 * HOUR,
      (stage) => (backAt = stage.host.clock.now()),
    );
    for (const { to = Infinity } of evidence.held) expect(to - backAt).toBeLessThan(12 * MINUTE * 1000);
    expect(evidence.held).toHaveLength(2);
  });
});
