import { beforeAll, describe, expect, it } from "vitest";
import type { Instance } from "../../local/functionsHost/durable/taskHub.ts";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import type { Evidence } from "../support/faults/evidence.ts";
import { HOUR, onStage, type Setting, type Stage } from "../support/faults/stage.ts";
import { MOMENTS, PATHS } from "../support/faults/strikes.ts";
import { purge, terminate, withoutArchive } from "../support/faults/sweeping.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

const asks = (step: string) => (_: string, instance: Instance) =>
  instance.name === "keepTrying" && (instance.input ?? "").includes(step);
const called = (name: string) => (id: string, instance: Instance) => instance.instanceId.startsWith(`${id}-${name}`);

/** Each kind of instance that works for a build, by what it does, in the order in which a build has them. */
const WORKING: Record<string, (id: string, instance: Instance) => boolean> = {
  "plans again": called("plan"),
  "looks at the ground again": called("ground"),
  "asks for image creation": called("grant-1"),
  "asks for network join": called("grant-2"),
  "makes the template": called("template-1"),
  "waits for the run": called("wait-1"),
  "ends the run": called("end-1"),
  "archives the log": asks('"archiveLogs"'),
  "lets go of a grant": asks('"leave"'),
  "removes the template": called("remove-1"),
  "keeps the receipt": asks('"writeReceipt"'),
};

/** Requests for one document that fail: more than the storage's SDK sends in one step. */
const REFUSALS = 6;

/** A world in which each of them has something to do: every step fails once. */
function troubled(): Setting {
  const left = new Map([
    ["plan.json", REFUSALS],
    ["receipt.json", REFUSALS],
  ]);
  const isRefused = (method: string, path: string) => {
    const name = method === "PUT" ? (/[^/]+\.json/.exec(path)?.[0] ?? "") : "";
    const refusals = left.get(name) ?? 0;
    left.set(name, refusals - 1);
    return refusals > 0;
  };
  return { wrapWorld: withoutArchive(isRefused) };
}

function trouble(stage: Stage): void {
  const busy = { status: 503, code: "ServiceUnavailable", headers: { "Retry-After": "120" }, count: 1 };
  for (const scope of ["rg-images", "virtualNetworks"]) {
    for (const method of ["PUT", "DELETE"]) {
      stage.fault({ method, path: `${scope}/.*/roleAssignments/[^/]+$`, ...busy });
    }
  }
  stage.fault({ method: "GET", path: PATHS.network, ...busy });
  stage.fault({ method: "GET", path: PATHS.log, ...busy });
  stage.when(MOMENTS.running, { after: () => stage.cancel() });
}

/** Waits until such an instance is at work. */
async function found(stage: Stage, is: (instance: Instance) => boolean): Promise<Instance> {
  const find = () => [...stage.host.hub.instances.values()].find(is);
  for (let tries = 0; tries < 3000 && !find(); tries++) await stage.sleep(1);
  const one = find();
  if (!one) throw new Error("There never was such an instance.");
  return one;
}

/** What is broken, but that the engine says of a build's instance that what it waits for was ended. */
const broken = (evidence: Evidence) => brokenPromises(evidence).filter((one) => !one.includes("Non-Deterministic"));

describe.each(Object.entries(WORKING))("while an instance %s", (_, works) => {
  it.each(["that instance", "the build's own"])("an operator can end %s, and nothing is left", async (which) => {
    let isEnded = false;
    const evidence = await onStage(troubled(), async (stage) => {
      trouble(stage);
      const id = await stage.ask();
      const { instanceId } = await found(stage, (one) => works(id, one));
      const ended = which === "that instance" ? instanceId : id;
      await terminate(stage, ended);
      await stage.sleep(2);
      isEnded = stage.host.hub.instances.get(ended)?.runtimeStatus === "Terminated";
    });
    expect(isEnded).toBe(true);
    expect(broken(evidence)).toEqual([]);
  });
});

describe("an instance that goes on for a build which an operator has ended", () => {
  it.each([
    ["with its plan", "plan", undefined],
    ["with its look at the ground", "ground", { method: "GET", path: PATHS.network }],
  ])("%s stops with the sweep that ends the build, however long Azure asks to wait", async (_, name, fault) => {
    const wait = { "retry-after": "72000" };
    const refuses = {
      wrapWorld: withoutArchive((method, path) => !fault && method === "PUT" && path.includes("plan.json"), wait),
    };
    await onStage(refuses, async (stage) => {
      if (fault) stage.fault({ ...fault, status: 429, code: "TooManyRequests", headers: wait });
      const id = await stage.ask();
      const { instanceId } = await found(stage, called(name).bind(undefined, id));
      await terminate(stage, id);
      await stage.sleep(2 * HOUR);
      expect(stage.host.hub.instances.get(instanceId)?.runtimeStatus).toBe("Completed");
      expect(stage.receipt(id)).toMatchObject({ outcome: { failure: { code: "build-lost" } } });
    });
  });
});

describe("an instance that waits for its turn", () => {
  it("can be ended by an operator, and the build is closed while the other still has the turn", async () => {
    const evidence = await onStage({}, async (stage) => {
      await stage.ask();
      await stage.sleep(10 * 60);
      const waiting = await stage.ask();
      await stage.sleep(60);
      await terminate(stage, `${waiting}-turn`);
      await stage.sleep(60);
    });
    expect(broken(evidence)).toEqual([]);
    expect(evidence.builds.map(({ receipt }) => receipt?.outcome.kind)).toEqual(["built", "failed"]);
  });
});

describe("an instance that is purged while somebody waits for it", () => {
  it("leaves no grant beyond its time, and nothing at all once the build itself is ended", async () => {
    const evidence = await onStage({}, async (stage) => {
      const id = await stage.ask();
      const { instanceId } = await found(stage, (one) => called("wait-1")(id, one));
      await purge(stage, instanceId);
      await stage.sleep(12 * HOUR);
      // Nobody tells the build that what it waits for is gone.
      expect(stage.host.hub.instances.get(id)?.runtimeStatus).toBe("Running");
      expect(stage.seen.held.filter(({ to }) => to === undefined)).toEqual([]);
      await terminate(stage, id);
    });
    expect(broken(evidence)).toEqual([]);
  });
});
