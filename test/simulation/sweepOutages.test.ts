import { beforeAll, describe, expect, it } from "vitest";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { HOUR, MINUTE, onStage, type Stage } from "../support/faults/stage.ts";
import { get, sweepNow, terminate, terminatedInItsRun, withoutArchive } from "../support/faults/sweeping.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

const DENIED = { method: "GET", status: 403, code: "AuthorizationFailed", message: "No authorization." } as const;
const LISTS = {
  assignments: { ...DENIED, path: "/roleAssignments$" },
  templates: { ...DENIED, path: "/imageTemplates$" },
  groups: { ...DENIED, path: "/resourcegroups$" },
};
/** Longer than any grant of the sample may be held. */
const BEYOND_ALL_GRANTS = 10 * HOUR;

const isHeld = ({ seen }: Stage) => seen.held.some(({ to }) => to === undefined);

describe("a sweep whose archive says nothing but that it is gone", () => {
  it("ends, and names the code", async () => {
    let isGone = true;
    const gone = { status: 404, headers: { "x-ms-error-code": "ContainerNotFound" } };
    await onStage(
      {
        wrapWorld: (world) => {
          const { archive } = world;
          return { ...world, archive: { ...archive, answer: (call) => (isGone ? gone : archive.answer(call)) } };
        },
      },
      async (stage) => {
        await stage.sleep(HOUR);
        const sweeps = [...stage.host.hub.instances.values()].filter(({ name }) => name === "sweep");
        expect(sweeps.length).toBeGreaterThan(1);
        for (const { output, runtimeStatus } of sweeps.slice(0, -1)) {
          expect({ output, runtimeStatus }).toEqual({
            output: expect.stringContaining("ContainerNotFound"),
            runtimeStatus: "Failed",
          });
        }
        isGone = false;
      },
    );
  });
});

describe("a sweep that may not list", () => {
  it("anything ends each grant at its time all the same, from the ledger alone", async () => {
    const evidence = await onStage({}, async (stage) => {
      await terminatedInItsRun(stage);
      for (const list of Object.values(LISTS)) stage.fault(list);
      await stage.sleep(BEYOND_ALL_GRANTS);
      expect(isHeld(stage)).toBe(false);
      stage.world.cloud.clearFaults();
    });
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it("the resource groups ends a dead build's right to make images and its template after the grace period", async () => {
    const evidence = await onStage({}, async (stage) => {
      const id = await terminatedInItsRun(stage);
      stage.fault(LISTS.groups);
      await stage.sleep(2 * HOUR);
      // Image builder may still be at the staging group, for which it needs the network.
      expect(stage.seen.held.filter(({ to }) => to === undefined).map(({ id }) => id)).toEqual([
        expect.stringContaining("/rg-network/"),
      ]);
      expect(JSON.stringify(stage.world.cloud.state())).not.toContain(`/imageTemplates/${id}`);
      // Whether its staging group is gone nobody could see.
      expect(stage.receipt(id)).toBeUndefined();
      stage.world.cloud.clearFaults();
    });
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.builds[0]?.receipt?.cleanUp).toEqual({ kind: "clean" });
  });

  it("the assignments of one scope still looks at the other, and ends what is dead there", async () => {
    const evidence = await onStage({}, async (stage) => {
      await terminatedInItsRun(stage);
      stage.fault({ ...LISTS.assignments, path: "rg-images/.*/roleAssignments$" });
      await stage.sleep(2 * HOUR);
      expect(stage.seen.held.filter(({ to }) => to === undefined).map(({ id }) => id)).toEqual([
        expect.stringContaining("/rg-images/"),
      ]);
      stage.world.cloud.clearFaults();
    });
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it.each([
    ["assignments", "/rg-images"],
    ["templates", "rg-goldsmith-templates"],
    ["groups", ""],
  ] as const)("the %s says so in its report, and tells the operators", async (what, place) => {
    const evidence = await onStage({}, async (stage) => {
      stage.fault(LISTS[what]);
      const told = await sweepNow(stage);
      const unseen = expect.arrayContaining([
        expect.objectContaining({
          what: what === "groups" ? "staging groups" : what,
          id: expect.stringContaining(place),
          error: expect.stringContaining("AuthorizationFailed"),
        }),
      ]);
      expect(told).toMatchObject({ state: "incomplete", report: { unseen } });
      expect((await get(stage, "/api/sweeps/latest")).body).toMatchObject({ state: "incomplete", report: { unseen } });
      expect(stage.host.logs.join("\n")).toMatch(/GOLDSMITH ALARM not looked at: .*AuthorizationFailed/);
      stage.world.cloud.clearFaults();
    });
    expect(evidence.alarms).toEqual(["alarms/sweeper.json"]);
  });

  it("for a moment looks again, and tells nobody", async () => {
    const evidence = await onStage({}, async (stage) => {
      stage.fault({ ...LISTS.groups, status: 503, code: "ServiceUnavailable", count: 1 });
      expect(await sweepNow(stage)).toMatchObject({ state: "done" });
    });
    expect(evidence.alarms).toEqual([]);
  });
});

describe("a sweep without the archive", () => {
  it("ends each grant at its time all the same, by what the leases themselves remember", async () => {
    let isOut = false;
    const evidence = await onStage({ wrapWorld: withoutArchive(() => isOut) }, async (stage) => {
      await terminatedInItsRun(stage);
      isOut = true;
      await stage.sleep(BEYOND_ALL_GRANTS);
      expect(isHeld(stage)).toBe(false);
      isOut = false;
    });
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.builds[0]?.receipt?.grants).toEqual(
      Array(2).fill(expect.objectContaining({ takenBy: "sweeper", removedAt: expect.any(String) })),
    );
  });
});

/** The leases cannot be listed. */
const withoutLedger = (isOut: () => boolean) =>
  withoutArchive((method, path) => isOut() && method === "GET" && path.includes("prefix=leases"));

describe("a sweep that could not come to its end", () => {
  it("is answered as failed, by its id and as the last one, without the engine's words, and the operators know", async () => {
    let isOut = false;
    const evidence = await onStage({ wrapWorld: withoutLedger(() => isOut) }, async (stage) => {
      isOut = true;
      for (const told of [await sweepNow(stage), (await get(stage, "/api/sweeps/latest")).body]) {
        expect(told).toMatchObject({ state: "failed", report: { failure: expect.stringContaining("findOverdue") } });
        expect(JSON.stringify(told)).not.toMatch(/Orchestrator function|at .*\.js:/);
      }
      expect(stage.host.logs.join("\n")).toMatch(/GOLDSMITH ALARM sweep failed: sweep-/);
      isOut = false;
      expect(await sweepNow(stage)).toMatchObject({ state: "done" });
      expect((await get(stage, "/api/sweeps/latest")).body).toMatchObject({ state: "done" });
    });
    expect(evidence.alarms).toEqual(["alarms/sweeper.json"]);
  });

  it("is answered as failed also where it could not even say so", async () => {
    let isOut = false;
    const setting = { wrapWorld: withoutArchive(() => isOut) };
    await onStage(setting, async (stage) => {
      isOut = true;
      const { body } = await stage.host.send({ method: "POST", path: "/api/sweep", headers: {}, body: "" });
      const { id } = JSON.parse(body.toString()) as { id: string };
      await stage.host.instance(id);
      isOut = false;
      expect((await get(stage, `/api/sweeps/${id}`)).body).toMatchObject({ id, state: "failed" });
    });
  });

  it("since somebody has ended it is missed by a later one, and the operators know", async () => {
    const evidence = await onStage({}, async (stage) => {
      stage.fault({ kind: "delay", method: "GET", path: LISTS.groups.path, delaySeconds: 600, count: 1 });
      const { body } = await stage.host.send({ method: "POST", path: "/api/sweep", headers: {}, body: "" });
      const { id } = JSON.parse(body.toString()) as { id: string };
      await stage.sleep(MINUTE);
      await terminate(stage, id);
      await stage.sleep(3 * HOUR);
      expect((await get(stage, `/api/sweeps/${id}`)).body).toMatchObject({ state: "failed" });
      expect(stage.host.logs.join("\n")).toContain(`GOLDSMITH ALARM not looked at: sweep ${id}`);
    });
    expect(evidence.alarms).toEqual(["alarms/sweeper.json"]);
  });
});
