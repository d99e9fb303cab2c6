import { beforeAll, describe, expect, it } from "vitest";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import type { Evidence } from "../support/faults/evidence.ts";
import { recipeOf } from "../support/faults/ours.ts";
import { HOUR, MINUTE, onStage, type Stage } from "../support/faults/stage.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

/** Longer than any grant of the sample may be held. */
const BEYOND_ALL_GRANTS = 10 * HOUR;

/** For which a build may hold its grants, as `docs/access.md` has it. */
const secondsHeld = (id: string) => recipeOf(id).buildTimeoutInMinutes * MINUTE + 5.5 * HOUR;

const told = (stage: Stage, id: string, what: "suspend" | "resume") =>
  stage.post(`/runtime/webhooks/durabletask/instances/${id}/${what}?reason=test`);

/** An operator suspends a build in its run, and lets it go on long after the time of its grants. */
async function suspended(stage: Stage, id: string): Promise<void> {
  await stage.sleep(10 * MINUTE);
  await told(stage, id, "suspend");
  await stage.sleep(BEYOND_ALL_GRANTS);
  await told(stage, id, "resume");
}

const grantsOf = ({ builds }: Evidence, id = builds[0]?.id) =>
  builds.find((build) => build.id === id)?.receipt?.grants ?? [];

describe("a build that was suspended beyond the time of its grants", () => {
  it("says that the sweeper took them, and when that was read back, not that it revoked them itself", async () => {
    const evidence = await onStage({}, async (stage) => suspended(stage, await stage.ask()));
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.held).toHaveLength(2);
    for (const { id, to = Number.NaN } of evidence.held) {
      const record = grantsOf(evidence).find(({ name }) => id.endsWith(name));
      expect(record?.takenBy).toBe("sweeper");
      for (const time of [record?.releasedAt, record?.removedAt]) {
        expect(Math.abs(Date.parse(time ?? "") - to)).toBeLessThan(MINUTE * 1000);
      }
    }
    const { timeline = [], outcome } = evidence.builds[0]?.receipt ?? {};
    expect(outcome?.kind).toBe("built");
    expect(timeline.filter(({ event }) => event === "revoked")).toEqual([]);
    expect(timeline.filter(({ event }) => event === "taken").map(({ detail }) => detail)).toEqual(
      ["image creation", "network join"].map((role) => {
        const releasedAt = grantsOf(evidence).find((one) => one.role === role)?.releasedAt;
        return expect.stringMatching(new RegExp(`^${role} on .*: by the sweeper, at ${releasedAt}$`));
      }),
    );
  });

  it("says that others held on to them where another build did when they were taken from it", async () => {
    const evidence = await onStage({}, async (stage) => {
      const one = await stage.ask("night-one");
      await stage.sleep(10 * MINUTE);
      await told(stage, one, "suspend");
      await stage.sleep(secondsHeld(one) - HOUR);
      stage.fault({ scenario: "run-hangs" });
      const other = await stage.ask("night-two");
      await stage.sleep(1.5 * HOUR);
      expect(stage.seen.held.filter(({ to }) => to === undefined)).toHaveLength(2);
      await told(stage, one, "resume");
      await stage.post(`/api/builds/${other}/cancel`);
    });
    // What builds hold one after another is there longer than each of them may hold it.
    expect(brokenPromises(evidence).filter((broken) => !/^G: .* was held for/.test(broken))).toEqual([]);
    for (const record of grantsOf(evidence)) {
      expect(record).toMatchObject({ takenBy: "sweeper", heldByOthers: 1 });
      expect(record).not.toHaveProperty("removedAt");
    }
    expect(grantsOf(evidence)).toHaveLength(2);
  });
});
