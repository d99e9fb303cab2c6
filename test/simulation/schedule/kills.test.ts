import { afterEach, describe, expect, it } from "vitest";
import type { CrashPoint } from "../../../local/functionsHost/testing/faults.ts";
import type { Answer } from "../../support/simulation/transport.ts";
import { openScheduled, scheduled, type ScheduleSimulation } from "../../support/simulation/scheduled.ts";
import { troublesOf } from "../../support/simulation/troubles.ts";
import { setWorld } from "../../support/simulation/world.ts";

const start = Date.parse("2030-06-01T23:00:00Z");
const IMAGE = "night-one";
const nightly = scheduled(IMAGE, { cron: "0 2 * * *", jitter: "1m" });
/** As long as an activity takes that a host was killed in the middle of, and a build. */
const END = "2030-06-02T04:00:00Z";
const CALM = { told: [], faults: [], duplicateActivities: 0, latestDeliveryMilliseconds: 0, crash: () => false };

const isOurs = ({ instanceId }: { instanceId: string }) => instanceId.startsWith("schedule-");

let simulation: ScheduleSimulation | undefined;
afterEach(() => simulation?.close());

/** What is to be so after one night, whatever happened in it. */
function expectOneBuild(what: string): void {
  const { decisions, receipts, world, host } = simulation ?? expect.unreachable();
  expect(
    decisions(IMAGE).map(({ due, kind }) => `${due.slice(0, 16)} ${kind}`),
    what,
  ).toEqual(["2030-06-02T02:00 started"]);
  expect(
    receipts(IMAGE).map(({ outcome, cleanUp }) => `${outcome.kind} ${cleanUp.kind}`),
    what,
  ).toEqual(["built clean"]);
  const { requests } = world.cloud.requests();
  expect(
    requests.filter(({ method, path }) => method === "POST" && path.includes("/run?")),
    what,
  ).toHaveLength(1);
  const builds = [...host.hub.instances.values()].filter(({ name }) => name === "buildImage");
  // The one that was decided, and no other.
  expect(
    builds.map(({ instanceId, runtimeStatus }) => [instanceId, runtimeStatus]),
    what,
  ).toEqual([[decisions(IMAGE)[0]?.buildId, "Completed"]]);
}

/** Kills the host before or after the storage has answered to that many requests that concern the night's occurrence. */
async function killAtRequest(nth: number, when: "before" | "after"): Promise<number> {
  simulation = await openScheduled([nightly], { troubles: CALM, start });
  const { world, host, until } = simulation;
  let count = 0;
  setWorld({
    ...world,
    archive: {
      ...world.archive,
      answer(call) {
        const isMeant = /\/(schedules|open)\//.test(call.url.pathname) && host.clock.now() > start + 6_000_000;
        if (!isMeant || ++count !== nth) return world.archive.answer(call);
        if (when === "after") world.archive.answer(call);
        host.crash();
        // Nobody is there any more to be answered.
        return new Promise<never>(() => {}) as unknown as Answer;
      },
    },
  });
  await until(END);
  return count;
}

describe("a host that is killed", () => {
  it.each(["before", "after"] as const)(
    "%s any request to the storage that an occurrence makes has one build of it in the end",
    async (when) => {
      const requests = await killAtRequest(0, when);
      expectOneBuild("undisturbed");
      expect(requests).toBeGreaterThan(8);
      for (let nth = 1; nth <= requests; nth++) {
        await simulation?.close();
        await killAtRequest(nth, when);
        expectOneBuild(`killed ${when} request ${nth} of ${requests}`);
      }
    },
    600_000,
  );

  it("before or after any of its steps is recorded, each of which is delivered twice, has one build of it in the end", async () => {
    let points = 0;
    for (let nth = 0; nth <= points; nth++) {
      await simulation?.close();
      let count = 0;
      const crash = (point: CrashPoint) => isOurs(point) && ++count === nth;
      simulation = await openScheduled([nightly], { start, troubles: { ...CALM, duplicateActivities: 1, crash } });
      await simulation.until(END);
      expectOneBuild(`killed at step ${nth} of ${points}`);
      if (nth === 0) points = count;
    }
    expect(points).toBeGreaterThanOrEqual(4);
  }, 600_000);
});

describe("a night in which by its seed things go wrong", () => {
  it.each(Array.from({ length: 12 }, (_, index) => index + 1))(
    "decides its occurrence once, and starts no build of it twice: %i",
    async (seed) => {
      simulation = await openScheduled([nightly], { start, troubles: troublesOf(seed) });
      await simulation.until("2030-06-03T01:00:00Z");
      const { decisions, host, world } = simulation;
      const first = decisions(IMAGE).filter(({ retry }) => retry === undefined);
      expect(first.map(({ due, kind }) => `${due.slice(0, 16)} ${kind}`)).toEqual(["2030-06-02T02:00 started"]);
      const builds = [...host.hub.instances.values()].filter(({ name }) => name === "buildImage");
      const started = decisions(IMAGE).flatMap(({ buildId }) => buildId ?? []);
      expect(builds.map(({ instanceId }) => instanceId).toSorted()).toEqual(started.toSorted());
      const versions = world.cloud.state().resources.filter(({ type }) => String(type).endsWith("/images/versions"));
      expect(versions.length).toBeLessThanOrEqual(builds.length);
    },
    120_000,
  );
});
