import { beforeAll, describe, expect, it } from "vitest";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { HOUR, onStage, type Stage } from "../support/faults/stage.ts";
import { terminatedInItsRun } from "../support/faults/sweeping.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

const DURABLE = "/runtime/webhooks/durabletask";
const restart = (stage: Stage, id: string) =>
  stage.post(`${DURABLE}/instances/${id}/restart?restartWithNewInstanceId=false`);
const startAgain = (stage: Stage, id: string) =>
  stage.post(`${DURABLE}/orchestrators/buildImage/${id}`, { buildId: id, image: "aks-jumpbox", door: "schedule" });

describe("an instance that has the id of a build of before", () => {
  it.each([
    ["restarted", restart],
    ["started with its id", startAgain],
  ])("does nothing, and leaves the build's receipt as it was, where it was %s", async (_, again) => {
    let first: unknown;
    const evidence = await onStage({}, async (stage) => {
      const id = await stage.ask();
      await stage.ended(id);
      first = stage.receipt(id);
      await stage.sleep(60);
      expect(await again(stage, id)).toBe(202);
      await stage.sleep(3 * HOUR);
      const { output } = stage.host.hub.instances.get(id) ?? {};
      expect(JSON.parse(output ?? "null")).toMatchObject({ repeated: { code: "build-repeated", owner: "operator" } });
    });
    expect(evidence.builds[0]?.receipt).toEqual(first);
    expect(evidence.runs).toHaveLength(1);
    expect(evidence.held).toHaveLength(2);
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it("does nothing where the build was terminated, which the sweeper closes as ever", async () => {
    const evidence = await onStage({}, async (stage) => {
      const id = await terminatedInItsRun(stage);
      expect(await restart(stage, id)).toBe(202);
    });
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: { kind: "failed", failure: { code: "build-lost" } },
      log: { kind: "archived" },
    });
    expect(evidence.runs).toHaveLength(1);
    expect(brokenPromises(evidence)).toEqual([]);
  });
});
