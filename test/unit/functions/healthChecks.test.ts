import type { DurableClient } from "durable-functions";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StepDelayed } from "../../../src/domain/failure.ts";
import type { Provider } from "../../../src/domain/preflight/subscription.ts";
import type { SweepReport } from "../../../src/domain/sweepReport.ts";
import { healthChecks, type HealthParts, sweeperSeen } from "../../../src/functions/healthChecks.ts";
import type { Recipe } from "../../../src/domain/recipes/schema.ts";
import { type GroundLook, readiness } from "../../../src/readiness.ts";
import { measureSweep } from "../../../src/telemetry/measureSweep.ts";
import { NO_TELEMETRY } from "../../../src/telemetry/telemetry.ts";
import { sampleRecipe } from "../../support/plan.ts";

const NOW = new Date("2026-01-15T12:00:00Z");
const OFFERED: Provider[] = [
  {
    namespace: "Microsoft.VirtualMachineImages",
    state: "Registered",
    locations: { imagetemplates: ["westeurope", "northeurope"] },
    zonedRegions: [],
  },
  {
    namespace: "Microsoft.Compute",
    state: "Registered",
    locations: { "galleries/images/versions": ["westeurope"] },
    zonedRegions: [],
  },
];
const client = { getStatus: () => Promise.reject(new Error("HTTP 404")) } as unknown as DurableClient;
const unread = async () => Promise.reject(new StepDelayed("ContainerNotFound", 30));
const hidden: HealthParts["providers"] = async () => ({ resource: "", kind: "unreadable", code: "", message: "" });
const distribute = [{ type: "SharedImage", targetRegions: [{ name: "westeurope" }, { name: "northeurope" }] }];
const elsewhere: HealthParts["catalogue"] = async () => {
  const recipe = { ...sampleRecipe(), location: "mars", distribute } as unknown as Recipe;
  return { recipes: new Map([[recipe.name, recipe]]), broken: new Map(), notes: new Map() };
};
const HIDDEN: GroundLook = {
  kind: "hidden",
  faults: [{ setting: "AZURE_SUBSCRIPTION_ID", state: "wrong", mend: "" }],
};
const LOST: GroundLook = {
  kind: "hidden",
  faults: [{ setting: "GOLDSMITH_ARM_ENDPOINT", state: "wrong", mend: "" }],
};
const never = () => new Promise<never>(() => {});

function parts(changed: Partial<HealthParts> = {}): HealthParts & { asked: () => number } {
  let asked = 0;
  return {
    version: "1.2.3",
    readiness: readiness({ faults: [], lookAtGround: async () => ((asked += 1), { kind: "right" }) }),
    token: async () => "token",
    archive: { readJson: async () => undefined },
    catalogue: async () => ({ recipes: new Map(), broken: new Map(), notes: new Map() }),
    providers: async () => ({ resource: "", kind: "found", value: OFFERED }),
    sweepSchedule: "0 */10 * * * *",
    checkSeconds: 5,
    asked: () => asked,
    ...changed,
  };
}

const failing = async (changed: Partial<HealthParts>, asking = client) => {
  const examined = healthChecks(parts(changed))(asking);
  await vi.advanceTimersByTimeAsync(5_000);
  const { findings } = await examined;
  return Object.entries(findings).flatMap(([name, { state }]) => (state === "fails" ? [name] : []));
};

beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

describe("a look at how the service is", () => {
  const stale = { since: NOW.toISOString(), why: "AuthorizationFailure" };
  it.each<[string, Partial<HealthParts>, string[]]>([
    ["nothing is amiss", {}, []],
    ["no token is given", { token: async () => Promise.reject(new Error("400")) }, ["token"]],
    [
      "Azure does not answer",
      { readiness: readiness({ faults: [], lookAtGround: async () => Promise.reject(new Error("ECONNRESET")) }) },
      ["azure"],
    ],
    [
      "there is no Azure at its address",
      { readiness: readiness({ faults: [], lookAtGround: async () => LOST }) },
      ["settings", "azure"],
    ],
    ["the archive is gone", { archive: { readJson: unread } }, ["storage", "sweeper"]],
    ["the recipes were never read", { catalogue: unread }, ["recipes"]],
    [
      "the recipes are those of before",
      { catalogue: async () => ({ recipes: new Map(), broken: new Map(), notes: new Map(), stale }) },
      ["recipes"],
    ],
    ["a recipe names regions that Azure does not offer", { catalogue: elsewhere }, ["regions"]],
    ["Azure does not say which regions it has", { catalogue: elsewhere, providers: hidden }, []],
    ["Azure takes its time to say so", { catalogue: elsewhere, providers: never }, []],
    ["something hangs", { token: never }, ["token"]],
    [
      "Azure answers, and shows nothing of the subscription",
      { readiness: readiness({ faults: [], lookAtGround: async () => HIDDEN }) },
      ["settings"],
    ],
  ])("finds it where %s", async (_, changed, expected) => {
    expect(await failing(changed)).toEqual(expected);
  });

  it("tells of each thing that does not answer what to do", async () => {
    const silent = readiness({ faults: [], lookAtGround: async () => Promise.reject(new Error("ECONNRESET")) });
    const unanswered = { readiness: silent, token: never, archive: { readJson: unread }, catalogue: unread };
    const examined = healthChecks(parts(unanswered))({ getStatus: never } as unknown as DurableClient);
    await vi.advanceTimersByTimeAsync(5_000);
    const failed = Object.entries((await examined).findings).filter(([, { state }]) => state === "fails");
    expect(failed.map(([name]) => name)).toEqual(["token", "azure", "storage", "engine", "recipes", "sweeper"]);
    expect(failed.filter(([, { mend }]) => !mend)).toEqual([]);
  });

  it("tells the log of wrong regions, once for as long as they are the same", async () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => {});
    try {
      const look = healthChecks(parts({ catalogue: elsewhere }));
      for (let asked = 0; asked < 3; asked++) {
        await look(client);
        vi.advanceTimersByTime(10_000);
      }
      const lines = error.mock.calls.map(([line]) => JSON.parse(String(line)) as { event: string; message: string });
      expect(lines).toEqual([expect.objectContaining({ event: "region not offered" })]);
      expect(lines[0]?.message).toContain("set the recipe's location to one of westeurope, northeurope");
    } finally {
      error.mockRestore();
    }
  });

  it("names the recipe whose region is wrong, with what to change", async () => {
    const { findings } = await healthChecks(parts({ catalogue: elsewhere }))(client);
    expect(findings.regions).toEqual({
      state: "fails",
      seen: "aks-jumpbox: image builder is not offered in mars.\naks-jumpbox: Azure has no galleries in the target region northeurope.",
      mend:
        "aks-jumpbox: set the recipe's location to one of westeurope, northeurope.\n" +
        "aks-jumpbox: correct northeurope in the recipe's distribute.targetRegions.",
    });
  });

  it("finds it where the engine does not answer", async () => {
    expect(await failing({}, { getStatus: never } as unknown as DurableClient)).toEqual(["engine"]);
  });

  it("counts for ten seconds, however many ask", async () => {
    const given = parts();
    const look = healthChecks(given);
    const [first, second] = await Promise.all([look(client), look(client)]);
    expect([first.at, given.asked()]).toEqual([second.at, 1]);
    vi.advanceTimersByTime(10_000);
    await look(client);
    expect(given.asked()).toBe(2);
  });
});

const quiet: Omit<SweepReport, "id"> = {
  dryRun: false,
  now: NOW.toISOString(),
  done: [],
  marks: {},
  orphans: [],
  foreign: [],
  unseen: [],
  stuck: [],
};
const began = (minutes: number) => {
  const stamp = new Date(NOW.getTime() - minutes * 60_000).toISOString().replaceAll(/[-:]/g, "");
  return { id: `sweep-${stamp.slice(0, 8)}-${stamp.slice(9, 15)}-timer` } as SweepReport;
};

describe("the sweeper", () => {
  const every10 = "0 */10 * * * *";

  it.each([
    [5, every10, "passes"],
    [38, every10, "passes"],
    [42, every10, "fails"],
    [100, "0 0 * * * *", "passes"],
    [150, "0 0 * * * *", "fails"],
  ])("that began %i minutes ago on the schedule %s: %s", (minutes, schedule, state) => {
    expect(sweeperSeen({ ...quiet, ...began(minutes) }, schedule, NOW, NOW)).toMatchObject({ state });
  });

  it("fails where the last sweep could not look somewhere, unless Azure has only asked to wait", () => {
    const unseen = [{ what: "assignments" as const, id: "/scope", error: "AuthorizationFailed" }];
    const blind = sweeperSeen({ ...quiet, ...began(5), unseen }, every10, NOW, NOW);
    expect(blind).toMatchObject({ state: "fails", seen: expect.stringContaining("assignments /scope") });
    const resting = unseen.map((one) => ({ ...one, until: "2026-01-15T12:10:00.000Z" }));
    expect(sweeperSeen({ ...quiet, ...began(5), unseen: resting }, every10, NOW, NOW)).toMatchObject({
      state: "passes",
    });
  });

  it("fails where the last sweep did", () => {
    const failed = { ...began(1), dryRun: false, failure: "x" };
    expect(sweeperSeen(failed, every10, NOW, NOW)).toMatchObject({ state: "fails" });
  });

  it.each([
    [38, "unknown"],
    [42, "fails"],
  ])("that has never come to its end, %i minutes after the service began: %s", (minutes, state) => {
    const upSince = new Date(NOW.getTime() - minutes * 60_000);
    expect(sweeperSeen(undefined, every10, NOW, upSince)).toMatchObject({ state });
  });

  it("counts from when the service began, not from when it is first asked", async () => {
    const look = healthChecks(parts());
    vi.advanceTimersByTime(3 * 3600_000);
    expect((await look(client)).findings.sweeper).toMatchObject({ state: "fails" });
  });

  it.each([every10, "0 0 * * * *", "0 30 2 * * *"])(
    "fails by the same time as telemetry tells for the alert, on the schedule %s",
    async (schedule) => {
      const told: Record<string, number> = {};
      const gauge = (name: string, value: number) => void (told[name] = value);
      const telemetry = { ...NO_TELEMETRY, isNews: () => true, gauge };
      const sweep: SweepReport = { ...quiet, ...began(5) };
      await measureSweep(telemetry, sweep, schedule, client);
      const due = (told["goldsmith.sweeps.due"] ?? 0) * 1000;
      expect(sweeperSeen(sweep, schedule, new Date(due), NOW)).toMatchObject({ state: "passes" });
      expect(sweeperSeen(sweep, schedule, new Date(due + 1), NOW)).toMatchObject({ state: "fails" });
    },
  );

  it("tells nothing of when the next sweep is due where the last one failed", async () => {
    const gauge = vi.fn();
    const failed = { ...began(5), dryRun: false, failure: "x" };
    await measureSweep({ ...NO_TELEMETRY, isNews: () => true, gauge }, failed, every10, client);
    expect(gauge.mock.calls.map(([name]) => name as string)).not.toContain("goldsmith.sweeps.due");
  });
});
