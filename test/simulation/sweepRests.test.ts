import { beforeAll, describe, expect, it } from "vitest";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { HOUR, MINUTE, onStage, type Stage } from "../support/faults/stage.ts";
import { get, sweepNow, terminatedInItsRun, withoutArchive } from "../support/faults/sweeping.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

/** As long as Azure may ask to wait, and longer than any grant of the sample may be held. */
const LONG = { "retry-after": String(22 * 3600) };
const BEYOND_ALL_GRANTS = 10 * HOUR;
const TEMPLATES = "/imageTemplates$";

const isHeld = ({ seen }: Stage) => seen.held.some(({ to }) => to === undefined);
const sweepsIn = ({ host }: Stage) => [...host.hub.instances.values()].filter(({ name }) => name === "sweep");

describe("a list that Azure asks not to be asked for within 22 hours", () => {
  it("is asked for by no sweep until then, and each of them does the rest and ends", async () => {
    const evidence = await onStage({}, async (stage) => {
      await terminatedInItsRun(stage);
      stage.fault({ method: "GET", path: TEMPLATES, status: 429, code: "TooManyRequests", headers: LONG, count: 1 });
      await stage.sleep(BEYOND_ALL_GRANTS);
      expect(isHeld(stage)).toBe(false);
      const [last, ...earlier] = sweepsIn(stage).toReversed();
      expect(earlier.length).toBeGreaterThan(50);
      for (const one of earlier) {
        expect(one.runtimeStatus).toBe("Completed");
        expect(one.lastUpdatedTime - one.createdTime).toBeLessThan(15 * MINUTE * 1000);
      }
      expect(last).toBeDefined();
      const { body } = await get(stage, "/api/sweeps/latest");
      const unseen = [expect.objectContaining({ what: "templates", until: expect.stringMatching(/^2030-01-01T2\d/) })];
      expect(body).toMatchObject({ state: "incomplete", report: { unseen } });
    });
    const asked = evidence.answers.filter(({ method, path }) => method === "GET" && path.endsWith("/imageTemplates"));
    const refused = asked.findIndex(({ status }) => status === 429);
    expect((asked[refused + 1]?.at ?? 0) - (asked[refused]?.at ?? 0)).toBeGreaterThanOrEqual(22 * HOUR * 1000);
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it("is asked for again by the same sweep where Azure asks for a minute", async () => {
    await onStage({}, async (stage) => {
      const minute = { "retry-after": "60" };
      stage.fault({ method: "GET", path: TEMPLATES, status: 429, code: "TooManyRequests", headers: minute, count: 1 });
      expect(await sweepNow(stage)).toMatchObject({ state: "done", report: { unseen: [] } });
    });
  });
});

describe("a ledger that its storage asks not to be asked for within 22 hours", () => {
  it("keeps no grant alive: the leases are asked at once", async () => {
    let isOut = false;
    const isLedger = (method: string, path: string) => isOut && method === "GET" && path.includes("prefix=leases");
    const evidence = await onStage({ wrapWorld: withoutArchive(isLedger, LONG) }, async (stage) => {
      await terminatedInItsRun(stage);
      isOut = true;
      await stage.sleep(BEYOND_ALL_GRANTS);
      expect(isHeld(stage)).toBe(false);
      isOut = false;
    });
    expect(brokenPromises(evidence)).toEqual([]);
  });
});
