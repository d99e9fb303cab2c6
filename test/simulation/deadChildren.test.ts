import { beforeAll, describe, expect, it } from "vitest";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { HOUR, MINUTE, onStage, type Setting, type Stage } from "../support/faults/stage.ts";
import { PATHS } from "../support/faults/strikes.ts";
import { terminate } from "../support/faults/sweeping.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

const statusOf = (stage: Stage, id: string) => stage.host.hub.instances.get(id)?.runtimeStatus;
const CLOSED = { outcome: { kind: "failed", failure: { code: "build-lost" } }, cleanUp: { kind: "clean" } };

/** Whoever asks on behalf of a build does not hear that it is to stop. */
const deaf: Setting["wrapFunctions"] = (functions) => ({
  ...functions,
  callActivity: (activity) =>
    activity.name === "wake"
      ? Promise.resolve({ Result: JSON.stringify({ kind: "done", result: "told" }) })
      : functions.callActivity(activity),
});

describe("a build of which an operator ends one that works for it", () => {
  it.each(["waitForRun", "removeTemplate"])("(%s) is closed with its image, its log and nothing left", async (name) => {
    const evidence = await onStage({}, async (stage) => {
      await stage.ask();
      const find = () =>
        [...stage.host.hub.instances.values()].find((one) => one.name === name && one.runtimeStatus === "Running");
      for (let tries = 0; tries < 3000 && !find(); tries++) await stage.sleep(3);
      await stage.sleep(10);
      await terminate(stage, find()?.instanceId ?? "");
      await stage.sleep(60);
      expect(statusOf(stage, stage.first())).toBe("Failed");
    });
    const { receipt } = evidence.builds[0] ?? {};
    expect(receipt).toMatchObject({ ...CLOSED, log: { kind: "archived" } });
    expect(brokenPromises(evidence).filter((broken) => !broken.includes("Non-Deterministic"))).toEqual([]);
    if (name === "removeTemplate") expect(receipt?.outcome).toMatchObject({ imageVersions: [expect.any(String)] });
  });
});

describe("a terminated build", () => {
  it("that waited for its turn asks for it no more, and is closed while the other still has it", async () => {
    await onStage({}, async (stage) => {
      stage.fault({ scenario: "cancel-hangs", seconds: 24 * HOUR });
      const first = await stage.ask();
      await stage.sleep(20 * MINUTE);
      await stage.cancel();
      const waiting = await stage.ask();
      await stage.sleep(MINUTE);
      await terminate(stage, waiting);
      // The engine ends the build, and leaves what waits on its behalf alone.
      expect(statusOf(stage, `${waiting}-turn`)).toBe("Running");

      await stage.sleep(2 * HOUR);
      expect(statusOf(stage, first)).toBe("Running");
      expect(statusOf(stage, `${waiting}-turn`)).toBe("Completed");
      expect(stage.receipt(waiting)).toMatchObject(CLOSED);
    });
  });

  it("that went on asking for a grant is never given it", async () => {
    const evidence = await onStage({}, async (stage) => {
      const slowly = { status: 429, code: "TooManyRequests", headers: { "Retry-After": "900" } };
      stage.fault({ method: "PUT", path: PATHS.grant, ...slowly, count: 6 });
      const id = await stage.ask();
      await stage.sleep(2 * MINUTE);
      await terminate(stage, id);
      expect(statusOf(stage, `${id}-grant-1`)).toBe("Running");
      await stage.sleep(6 * HOUR);
      expect(statusOf(stage, `${id}-grant-1`)).toBe("Completed");
    });
    expect(evidence.held).toEqual([]);
    expect(evidence.builds[0]?.receipt).toMatchObject(CLOSED);
  });

  it("that is given a grant after all loses it with the next sweep, without another grace", async () => {
    const evidence = await onStage({ wrapFunctions: deaf }, async (stage) => {
      const slowly = { status: 429, code: "TooManyRequests", headers: { "Retry-After": "1300" } };
      stage.fault({ method: "PUT", path: PATHS.grant, ...slowly, count: 3 });
      const id = await stage.ask();
      await stage.sleep(2 * MINUTE);
      await terminate(stage, id);
      await stage.sleep(4 * HOUR);
    });
    expect(evidence.held).toHaveLength(1);
    for (const { from, to = Infinity } of evidence.held) expect(to - from).toBeLessThan(12 * MINUTE * 1000);
    expect(evidence.builds[0]?.receipt).toMatchObject(CLOSED);
  });
});
