import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BuildEvent, BuildEvents } from "../../src/domain/buildEvents.ts";
import { putDocument } from "../support/faults/sweeping.ts";
import { openSimulation, receiptOf, type Simulation, startBuild, warmUp } from "../support/simulation/simulation.ts";
import { troublesOf } from "../support/simulation/troubles.ts";

let simulation: Simulation;
let id: string;
beforeAll(warmUp, 120_000);
afterEach(() => simulation.close());

async function ask(after: number, wait: number): Promise<BuildEvents> {
  const path = `/api/builds/${id}/events?after=${after}&wait=${wait}`;
  const { status, body } = await simulation.host.send({ method: "GET", path });
  expect(status).toBe(200);
  return JSON.parse(body.toString()) as BuildEvents;
}

/**
 * By long polls from an event on to the end; one that nobody answers, since the host is killed, is asked again.
 *
 * @param seen called with all that has come so far, after each answer.
 */
async function follow(
  after = 0,
  seen: (events: BuildEvent[]) => Promise<unknown> | void = () => {},
): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  for (let next = after; ;) {
    const told = await ask(next, 30).catch(() => undefined);
    if (!told) {
      await simulation.host.clock.sleep(10_000);
      continue;
    }
    events.push(...told.events);
    next = told.next;
    await seen(events);
    if (told.ended) return events;
  }
}

const named = (event: BuildEvent) =>
  event.kind === "phase" ? event.phase : event.kind === "step" ? event.event : "log";
const logIn = (events: BuildEvent[]) => events.map((event) => (event.kind === "log" ? event.text : "")).join("");

describe("the events of a build", () => {
  it("come one by one while it runs, and its log at its end, with the same numbers ever after", async () => {
    // One in which each phase of the run is seen: it is looked at seldom.
    simulation = await openSimulation(5);
    id = await startBuild(simulation.host, 1);
    const live = await follow();
    expect(live.map(({ n }) => n)).toEqual(live.map((_, at) => at + 1));
    expect(live.map(named).join(", ")).toBe(
      "planning, planned, checking the ground, waiting for its turn, granting, granted, granted, " +
        "creating the template, template, running, run, " +
        "running: building, running: customizing, running: distributing, " +
        "cleaning up, built, archived, revoked, deleted, revoked, log",
    );
    const log = simulation.world.archive.text("archive", `builds/aks-jumpbox/${id}/customization.log`);
    expect(logIn(live)).toBe(log);
    expect(await follow()).toEqual(live);
    expect(await follow(12)).toEqual(live.slice(12));
  });

  it("keep their numbers where the build is cancelled during its run", async () => {
    simulation = await openSimulation(5);
    id = await startBuild(simulation.host, 1);
    let asked = false;
    const live = await follow(0, async (events) => {
      if (asked || named(events.at(-1) as BuildEvent) !== "running: customizing") return;
      asked = true;
      const request = { method: "POST", path: `/api/builds/${id}/cancel`, body: "{}" };
      await simulation.host.send({ ...request, headers: { "content-type": "application/json" } });
    });
    expect(live.map(named).join(", ")).toContain("running: building, running: customizing, cleaning up");
    expect(await follow()).toEqual(live);
  });

  it("give a long log in pieces, of which one answer has a few", async () => {
    simulation = await openSimulation(5);
    id = await startBuild(simulation.host, 1);
    await simulation.host.instance(id);
    const text = "a line of the log\n".repeat(60_000);
    const receipt = receiptOf(simulation.world, "aks-jumpbox", id);
    const of = `builds/aks-jumpbox/${id}`;
    const file = { name: "customization.log", url: "https://archive/log", bytes: text.length, sha256: "0" };
    putDocument(simulation, `${of}/receipt.json`, { ...receipt, log: { kind: "archived", files: [file] } });
    const url = new URL(`http://archive/account/archive/${of}/customization.log`);
    simulation.world.archive.answer({ method: "PUT", url, headers: {}, body: Buffer.from(text) });

    const events = await follow();
    expect(logIn(events)).toBe(text);
    expect(events.map(({ n }) => n)).toEqual(events.map((_, at) => at + 1));
    const one = await ask(21, 30);
    expect(one.events).toHaveLength(8);
    expect(one).toMatchObject({ next: 29, ended: false });
    expect(await ask(10_000, 30)).toEqual({ events: [], next: 10_000, ended: true });
  });

  it("are told as soon as they happen", async () => {
    simulation = await openSimulation(5);
    id = await startBuild(simulation.host, 1);
    const { clock } = simulation.host;
    for (let after = 0; ;) {
      const { events, next, ended } = await ask(after, 30);
      after = next;
      if (ended) return;
      const seen = events.flatMap((event) => (event.kind === "log" ? [] : [clock.now() - Date.parse(event.at)]));
      // Between the answer of the last look at a run and this, its instance has to write it down.
      for (const delay of seen) expect(delay).toBeLessThan(10_000);
    }
  });

  it("keep their numbers where the host is killed meanwhile", async () => {
    simulation = await openSimulation(3, { troubles: { ...troublesOf(3), faults: [], duplicateActivities: 0 } });
    id = await startBuild(simulation.host, 3);
    const { host } = simulation;
    const kills = [60, 300, 900, 1500].map((seconds) => host.clock.setTimeout(() => host.crash(5), seconds * 1000));
    const live = await follow();
    for (const kill of kills) kill.cancel();
    expect(live.map(({ n }) => n)).toEqual(live.map((_, at) => at + 1));
    expect(await follow()).toEqual(live);
    expect(receiptOf(simulation.world, "aks-jumpbox", id)?.outcome.kind).toBe("built");
  });
});
