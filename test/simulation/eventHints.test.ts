import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { watchedBuild, type WatchedBuild } from "../../bench/watchedBuild.ts";
import { cloudEvent, templateEvent } from "../support/armEvents.ts";
import { ids } from "../support/cloudTemplates.ts";
import { openSimulation, receiptOf, type Simulation, UNSWEPT, warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

let simulation: Simulation;
afterEach(() => simulation.close());

const ENDPOINT = "http://localhost/api/events";

async function build(events: object | undefined): Promise<WatchedBuild> {
  simulation = await openSimulation(1, { env: UNSWEPT });
  if (events) await simulation.world.cloud.subscribeToEvents({ endpoint: ENDPOINT, ...events });
  return watchedBuild(simulation);
}

const outcome = ({ id }: WatchedBuild) => receiptOf(simulation.world, "aks-jumpbox", id)?.outcome.kind;

describe("a build of which events come", () => {
  it("knows of the end of its run within three seconds, and goes on at once with all else", async () => {
    const built = await build({ disorder: 2, duplicates: 0.3 });
    expect(outcome(built)).toBe("built");
    expect(built.detection).toBeLessThan(3000);
    expect(built.overhead).toBeLessThan(6000);
  });

  it("goes as it does without a subscription where all of them get lost", async () => {
    const alone = await build(undefined);
    await simulation.close();
    const { id: _, ...lost } = await build({ lost: 1 });
    expect(lost).toEqual({ ...alone, id: undefined });
  });

  it("ends no otherwise, and asks some dozens of times more, where somebody who may send events makes them up all the time", async () => {
    const alone = await build(undefined);
    await simulation.close();
    simulation = await openSimulation(1, { env: UNSWEPT });
    const { clock } = simulation.host;
    const flood = { goesOn: true };
    const flooding = (async () => {
      for (; flood.goesOn; await clock.sleep(5000)) await makeUp(simulation);
    })();
    const built = await watchedBuild(simulation);
    flood.goesOn = false;
    await flooding;
    expect(outcome(built)).toBe("built");
    expect(built.armCalls).toBeLessThan(alone.armCalls + 55);
    const { histories } = simulation.host;
    expect(Math.max(...[...histories.values()].map(({ events }) => events))).toBeLessThan(300);
  });
});

/** Tells whatever may be told of the first attempt of each build, none of it being so. */
async function makeUp({ host }: Simulation): Promise<void> {
  const builds = [...host.hub.instances.values()].filter(({ name }) => name === "buildImage");
  const templates = builds.flatMap(({ instanceId }) =>
    (["write", "run/action", "delete"] as const).map((act) => templateEvent(`${instanceId}-a1`, act)),
  );
  const version = cloudEvent({ subject: `${ids.definition}/versions/1.0.0` });
  const { status } = await host.send({
    method: "POST",
    path: "/api/events",
    headers: { "content-type": "application/json" },
    body: JSON.stringify([...templates, version]),
  });
  expect(status).toBe(200);
}
