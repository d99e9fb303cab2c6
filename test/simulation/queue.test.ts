import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BuildView } from "../../src/domain/buildView.ts";
import { ALL, TURNS } from "../../src/entities/turns.ts";
import { openSimulation, receiptOf, type Simulation, startBuild } from "../support/simulation/simulation.ts";

/** A build that nobody knows any more, and that has the image's turn. */
const DEAD = "aks-jumpbox-20291231-000000-aaaa";
/** `npm test` takes every eighth checkpoint, and `npm run test:faults` all of them. */
const EVERY = process.env.FAULTS === "all" ? 1 : 8;
const headers = { "content-type": "application/json" };

let simulation: Simulation;
/** The app reads its settings once: whoever opens first says how long builds wait. */
async function open(sweeper: "on" | "off", crash: () => boolean = () => false): Promise<Simulation> {
  const troubles = { told: [], faults: [], duplicateActivities: 0, latestDeliveryMilliseconds: 0, crash };
  const off = { "AzureWebJobs.sweepTimer.Disabled": String(sweeper === "off") };
  simulation = await openSimulation(1, { troubles, env: { ...off, GOLDSMITH_QUEUE_HOURS: "1" } });
  const { host } = simulation;
  const path = `/runtime/webhooks/durabletask/entities/${TURNS}/${ALL}?op=ask`;
  const body = JSON.stringify({ buildId: DEAD, image: "aks-jumpbox", place: "somewhere" });
  await host.send({ method: "POST", path, headers, body });
  await host.instance(`@${TURNS}@${ALL}`, ({ input }) => input?.includes(DEAD) ?? false);
  return simulation;
}

beforeAll(async () => {
  const { host, close } = await open("on");
  await host.instance(await startBuild(host, 1));
  await close();
}, 60_000);
afterEach(() => simulation.close());

async function queue({ host }: Simulation): Promise<unknown> {
  const path = `/runtime/webhooks/durabletask/entities/${TURNS}/${ALL}`;
  return JSON.parse((await host.send({ method: "GET", path, headers: {}, body: "" })).body.toString());
}

async function view({ host }: Simulation, id: string): Promise<BuildView> {
  const { body } = await host.send({ method: "GET", path: `/api/builds/${id}`, headers: {}, body: "" });
  return JSON.parse(body.toString()) as BuildView;
}

/** Has a build wait for a turn that never comes. @returns how many checkpoints there were. */
async function expired(killAt: number): Promise<number> {
  let checkpoints = 0;
  const { host, world } = await open("off", () => ++checkpoints === killAt);
  const id = await startBuild(host, 1);
  await host.instance(id);
  const receipt = receiptOf(world, "aks-jumpbox", id);
  const minutes = (Date.parse(receipt?.endedAt ?? "") - Date.parse(receipt?.startedAt ?? "")) / 60_000;
  expect(receipt).toMatchObject({ outcome: { kind: "failed", failure: { code: "queue-expired" } }, grants: [] });
  expect(minutes).toBeGreaterThanOrEqual(60);
  expect(await queue(simulation)).toMatchObject({ running: [{ buildId: DEAD }], waiting: [] });
  const asked = world.cloud.requests().requests.filter(({ method }) => method !== "GET");
  expect(asked.filter(({ path }) => path.startsWith("/subscriptions/"))).toEqual([]);
  await simulation.close();
  return checkpoints;
}

describe("a build that waits for its turn", () => {
  it("shows its place and what it waits for, and gets its turn when the sweeper takes it from a dead one", async () => {
    const { host, world } = await open("on");
    const id = await startBuild(host, 1);
    await host.instance(`${id}-turn`, ({ customStatus }) => customStatus !== null);
    const other = await startBuild(host, 2);
    await host.instance(`${other}-turn`, ({ customStatus }) => customStatus !== null);
    expect(await view(simulation, id)).toMatchObject({ state: "waiting", queue: { ahead: 0, waitsFor: "image" } });
    expect(await view(simulation, other)).toMatchObject({ state: "waiting", queue: { ahead: 1, waitsFor: "image" } });
    await host.instance(id);
    expect(receiptOf(world, "aks-jumpbox", id)).toMatchObject({ outcome: { kind: "built" } });
  });

  it("fails in time, with nothing made for it and out of the queue, wherever its host is killed", async () => {
    const checkpoints = await expired(0);
    expect(checkpoints).toBeGreaterThan(30);
    for (let killAt = 1; killAt <= checkpoints; killAt += EVERY) await expired(killAt);
  }, 120_000);
});
