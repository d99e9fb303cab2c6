import { beforeAll, describe, expect, it } from "vitest";
import type { Evidence } from "../support/faults/evidence.ts";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { HOUR, HOURLY_SWEEPS, onStage, type Stage } from "../support/faults/stage.ts";
import { MOMENTS, PATHS } from "../support/faults/strikes.ts";
import { terminate, until } from "../support/faults/sweeping.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

const LOCKED = { method: "DELETE", status: 409, code: "ScopeLocked", message: "There is a lock." } as const;
const alarmsOf = ({ world }: Stage) => world.archive.names("archive").filter((name) => name.startsWith("alarms/"));

/** A build is terminated in its run, and something of it cannot be removed for so long. */
const stuckFor = (hours: number, path: string, see: (stage: Stage, id: string) => unknown = () => {}) =>
  onStage(hours > 24 ? HOURLY_SWEEPS : {}, async (stage) => {
    stage.when(MOMENTS.running, { after: () => terminate(stage, stage.first()) });
    stage.fault({ ...LOCKED, path });
    const id = await stage.ask();
    stage.host.clock.setTimeout(() => stage.world.cloud.clearFaults(), hours * HOUR * 1000);
    await see(stage, id);
    await stage.sleep((hours + 2) * HOUR);
  });

const nothingIsLeft = ({ after, builds }: Evidence) =>
  !JSON.stringify(after.resources).includes(`/imageTemplates/${builds[0]?.id}`);

describe("what a sweep cannot remove", () => {
  it("is told to the operators after three sweeps, long before the build is given up", async () => {
    const evidence = await stuckFor(4, PATHS.template, async (stage, id) => {
      await until(stage, 180, () => alarmsOf(stage).length > 0);
      expect(alarmsOf(stage)).toEqual(["alarms/sweeper.json"]);
      const alarm = stage.world.archive.text("archive", "alarms/sweeper.json");
      expect(JSON.parse(alarm ?? "{}")).toMatchObject({
        stuck: [
          { what: "remove template", id: expect.stringContaining(id), last: expect.stringContaining("ScopeLocked") },
        ],
      });
      expect(stage.host.logs.join("\n")).toMatch(/GOLDSMITH ALARM stuck: remove template .*ScopeLocked/);
      expect(stage.receipt(id)).toBeUndefined();
    });
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.builds[0]?.receipt?.cleanUp).toEqual({ kind: "clean" });
    expect(nothingIsLeft(evidence)).toBe(true);
  });

  it("ends after two days as the build's leftovers, with an alarm of its own, and is gone on with", async () => {
    const evidence = await stuckFor(50, "(imageTemplates|rg-network/.*/roleAssignments)/[^/]+$");
    // Among them: the leftovers are what was in the cloud when the receipt was written.
    expect(brokenPromises(evidence).filter((broken) => !broken.startsWith("G: "))).toEqual([]);
    const { receipt, id } = evidence.builds[0] ?? {};
    expect(receipt?.cleanUp).toMatchObject({
      kind: "leftovers",
      leftovers: ["/roleAssignments/", "/imageTemplates/", "-staging"].map((part) => ({
        id: expect.stringContaining(part),
        command: expect.stringMatching(/^az /),
      })),
    });
    const closed = Date.parse(receipt?.endedAt ?? "") - Date.parse(receipt?.startedAt ?? "");
    expect(closed).toBeGreaterThan(48 * HOUR * 1000);
    expect(closed).toBeLessThan(49.5 * HOUR * 1000);
    expect(evidence.alarms).toContain(`alarms/${id}.json`);
    expect(nothingIsLeft(evidence)).toBe(true);
    expect(evidence.held.every(({ to }) => to !== undefined)).toBe(true);
  });
});
