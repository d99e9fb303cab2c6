import { beforeAll, expect, it } from "vitest";
import { planGrant } from "../../src/domain/grant.ts";
import { LedgerEntry } from "../../src/domain/lease.ts";
import { builderIdentity, landscape } from "../../local/landscape.ts";
import { HOUR, onStage, type Setting } from "../support/faults/stage.ts";
import { get, putDocument, sweepNow } from "../support/faults/sweeping.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

const LEASES = 250;
/** Builds on one of the leases. */
const HOLDERS = 250;
const { subscriptionId } = landscape;

const hex = (number: number) => number.toString(16).padStart(12, "0");
/** Four letters, as they end a build's id. */
const letters = (number: number) =>
  [26 ** 3, 26 ** 2, 26, 1].map((power) => String.fromCharCode(97 + (Math.floor(number / power) % 26))).join("");
const buildOf = (number: number) => `aks-jumpbox-20300101-000000-${letters(number)}`;

/** A lease as builds have left it that are dead, or beyond their time. */
function leaseOf(role: number, until: string, builds: number[]): LedgerEntry {
  const scope = `/subscriptions/${subscriptionId}/resourceGroups/rg-images`;
  const grant = planGrant("simulation", subscriptionId, {
    role: "image creation",
    scope,
    principalId: builderIdentity.principalId,
    roleDefinition: `11111111-2222-4333-8444-${hex(role)}`,
  });
  const holders = builds.map((build) => ({ buildId: buildOf(build), until }));
  return { installationId: "simulation", grant, holders, assignment: "absent" };
}

/** Counts what any one execution of a sweep is handed. */
function measuring(largest: { events: number; bytes: number }): NonNullable<Setting["wrapFunctions"]> {
  return (functions) => ({
    ...functions,
    callOrchestrator(item) {
      if (item.name === "sweep") {
        const history = [...item.past, ...item.fresh];
        largest.events = Math.max(largest.events, history.length);
        largest.bytes = Math.max(largest.bytes, JSON.stringify(history).length);
      }
      return functions.callOrchestrator(item);
    },
  });
}

it.each([
  ["beyond their time", "2030-01-01T00:00:00.000Z", 0],
  ["of dead builds", "2031-01-01T00:00:00.000Z", 1],
])("sweeps hundreds of leases %s in short histories, and reports each", async (_, until, hours) => {
  const largest = { events: 0, bytes: 0 };
  const leases = Array.from({ length: LEASES }, (__, index) =>
    leaseOf(index, until, index === 0 ? Array.from({ length: HOLDERS }, (___, build) => build) : [index]),
  );
  await onStage({ wrapFunctions: measuring(largest) }, async (stage) => {
    for (const lease of leases) putDocument(stage, `leases/${lease.grant.name}.json`, lease);
    await stage.sleep(hours * HOUR);
    const told = (await sweepNow(stage)) as { state: string };
    expect(told.state).toBe("done");
    const kept = stage.world.archive.names("archive").filter((name) => name.startsWith("leases/"));
    const holders = kept.flatMap(
      (name) => LedgerEntry.parse(JSON.parse(stage.world.archive.text("archive", name) ?? "")).holders,
    );
    expect([kept.length, holders]).toEqual([LEASES, []]);
    expect((await get(stage, "/api/sweeps/latest")).status).toBe(200);
    // What the sweep was going to do is needed no more.
    expect(stage.world.archive.names("archive").filter((name) => name.startsWith("sweeps/work/"))).toEqual([]);
  });
  expect(largest.events).toBeGreaterThan(20);
  expect(largest.events).toBeLessThan(300);
  expect(largest.bytes).toBeLessThan(200 * 1024);
});
