import { describe, expect, it } from "vitest";
import { NotReady } from "../../src/domain/notReady.ts";
import { fakeService, functionsOf } from "../support/fakeService.ts";
import { runOrchestration } from "../support/orchestration.ts";
import { request } from "../support/plan.ts";

const unready = new NotReady([{ setting: "AZURE_SUBSCRIPTION_ID", state: "missing", mend: "" }]);

/** How often the run is looked at is a matter of time. */
const steps = (names: string[]) => names.filter((name) => name !== "readTemplate").toSorted();

/** Runs a build of whose steps so many are refused, from one on, since the service is not ready. */
async function build({ from = 1, refusals = 0 } = {}) {
  const { activities, ...functions } = functionsOf(fakeService());
  let calls = 0;
  let left = refusals;
  const done: string[] = [];
  const gated = Object.entries(activities).map(([name, run]) => [
    name,
    async (input: never, engine: never) => {
      calls += 1;
      if (calls >= from && left-- > 0) throw unready;
      done.push(name);
      return run(input, engine);
    },
  ]);
  const all = { ...functions, activities: Object.fromEntries(gated) };
  const ran = await runOrchestration(all, { instanceId: request.buildId, input: request });
  return { ...ran, done };
}

describe("a build under way while the settings cannot be used", () => {
  it.each([1, 2, 5, 9, 14, 18])(
    "waits whichever step is next, and then takes each step as often as it would have: step %i",
    async (from) => {
      const usual = await build();
      // More than a step has patience for, and less than the run has time.
      const { status, output, done, seconds } = await build({ from, refusals: 7 });
      expect(status).toBe("Completed");
      expect(output).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
      expect(seconds - usual.seconds).toBeGreaterThan(1800);
      expect(steps(done)).toEqual(steps(usual.done));
    },
  );

  it("is cleaned up after for as long as it takes", async () => {
    const { status, output } = await build({ from: 16, refusals: 60 });
    expect(status).toBe("Completed");
    expect(output).toMatchObject({ cleanUp: { kind: "clean" } });
  });

  it("has a history that stays short, however long that is", async () => {
    const { instances, status } = await build({ from: 2, refusals: 150 });
    expect(status).toBe("Completed");
    for (const { history } of instances.values()) expect(history.length).toBeLessThan(300);
  });

  it("goes on soon where it was not for long", async () => {
    const usual = await build();
    const { seconds } = await build({ from: 2, refusals: 1 });
    expect(seconds - usual.seconds).toBeLessThan(180);
  });
});
