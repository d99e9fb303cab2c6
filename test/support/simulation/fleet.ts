import type { Clock } from "../../../local/clock/clock.ts";
import type { PlainAnswer, PlainRequest } from "../../../local/functionsHost/http/plainRequest.ts";
import type { TestHost } from "../../../local/functionsHost/testing/testHost.ts";
import { imageOfBuild } from "../../../src/domain/buildId.ts";
import type { Receipt } from "../../../src/domain/receipt.ts";
import { type Chance, chanceOf } from "../../../local/chance.ts";
import { fleetLandscape, fleetRecipes, fleetSettings } from "./fleetLandscape.ts";
import { fleetTroublesOf } from "./fleetTroubles.ts";
import { type Ground, openSimulation, receiptOf, START, sweepsOf } from "./simulation.ts";
import type { Troubles } from "./troubles.ts";
import type { World } from "./world.ts";

/** How a fleet of builds went that overlapped and got into each other's way. */
export interface Fleet {
  seed: number;
  troubles: Troubles;
  builds: FleetBuild[];
  /** Ids of the sweeps that there have been; of a fleet over sockets nobody asks for them. */
  sweeps?: string[];
  /** The most that any instance's history has ever had, in events and in bytes. */
  longest: { events: number; bytes: number };
  /** What of the cloud and the archive is asked afterwards. */
  world: {
    cloud: Pick<World["cloud"], "state" | "requests">;
    archive: Pick<World["archive"], "text">;
    /** Of a fleet over sockets there is none: real time has its say. */
    trace?: Pick<World["trace"], "digest">;
    told?: World["told"];
  };
  milliseconds: number;
  /** Of local time, from the removal of an assignment until the build that let go of it has noted it, kills and all. */
  lettingGoMinutes: number;
}

export interface FleetBuild {
  id: string;
  image: string;
  /** What an operator or a requester did to it, and when, ISO 8601. */
  ended?: { how: "cancelled" | "terminated"; at: string };
  receipt: Receipt | undefined;
}

/** The service on which a fleet is built, however it is reached. */
export interface FleetHost {
  clock: Pick<Clock, "now" | "sleep">;
  /** Rejects where the host is killed before it has answered. */
  send(request: Required<PlainRequest>): Promise<Pick<PlainAnswer, "status" | "body">>;
  /** Whether a request was rejected for that reason. */
  isKill(error: unknown): boolean;
  /** All builds that were begun: also those of requests that a kill kept from being answered, and that were sent again. */
  builds(): Promise<{ id: string; image: string }[]>;
  hasReceipt(build: { id: string; image: string }): Promise<boolean>;
}

export const GROUND: Ground = { app: "fleetApp", landscape: fleetLandscape, env: fleetSettings };
const MINUTE = 60_000;
/** Faults and crashes hold builds up; the sweeper needs a few rounds for what operators ended. */
const LONGEST_MINUTES = 5 * 24 * 60;

/** Twenty images within two hours, a tenth of Azure's answers faulty, crashes, cancellations and terminations. */
export async function simulateFleet(seed: number): Promise<Fleet> {
  const troubles = fleetTroublesOf(seed);
  const { world, host, close } = await openSimulation(seed, { troubles, ground: GROUND });
  try {
    const builds = await buildFleet(fleetHostOf(world, host), seed, 120);
    return {
      seed,
      troubles,
      builds: builds.map((build) => ({ ...build, receipt: receiptOf(world, build.image, build.id) })),
      sweeps: sweepsOf(host),
      longest: longestHistory(host),
      world,
      milliseconds: host.clock.now() - START,
      lettingGoMinutes: 15,
    };
  } finally {
    await close();
  }
}

/** @param minutes within which all images are asked for. @returns all builds, once each has its receipt. */
export async function buildFleet(
  host: FleetHost,
  seed: number,
  minutes: number,
): Promise<Omit<FleetBuild, "receipt">[]> {
  const chance = chanceOf(seed, "fleet");
  const planned = [...fleetRecipes.keys()].map((image) => ({ image, minutes: chance.whole(0, minutes) }));
  const known = await Promise.all(planned.map((one) => runOne(host, chanceOf(seed, one.image), one)));
  await untilAllIsOver(host);
  return (await host.builds()).map(({ id, image }) => known.find((build) => build.id === id) ?? { id, image });
}

const hasCrashed = (error: unknown) => error instanceof Error && error.message.includes("crashed");

function fleetHostOf(world: World, host: TestHost): FleetHost {
  return {
    clock: host.clock,
    send: host.send,
    isKill: hasCrashed,
    builds: async () =>
      [...host.hub.instances.values()]
        .filter(({ name }) => name === "buildImage")
        .map(({ instanceId: id }) => ({ id, image: imageOfBuild(id) ?? "" })),
    hasReceipt: async ({ id, image }) => receiptOf(world, image, id) !== undefined,
  };
}

async function runOne(
  host: FleetHost,
  chance: Chance,
  { image, minutes }: { image: string; minutes: number },
): Promise<Omit<FleetBuild, "receipt">> {
  await host.clock.sleep(minutes * MINUTE);
  const { id } = (await insist(host, `/api/images/${image}/builds`, 202)) as { id: string };
  const fate = chance.number();
  if (fate > 0.3) return { id, image };
  await host.clock.sleep(chance.whole(1, 45) * MINUTE);
  if (fate > 0.15) {
    await insist(host, `/api/builds/${id}/cancel`, 202, 409);
    return { id, image, ended: { how: "cancelled", at: new Date(host.clock.now()).toISOString() } };
  }
  await insist(host, `/runtime/webhooks/durabletask/instances/${id}/terminate?reason=operator`, 202, 410);
  return { id, image, ended: { how: "terminated", at: new Date(host.clock.now()).toISOString() } };
}

/** Sends a request until it is answered: the host may be killed meanwhile. */
export async function insist(
  host: Pick<FleetHost, "clock" | "send"> & Partial<FleetHost>,
  path: string,
  ...expected: number[]
): Promise<unknown> {
  const { isKill = hasCrashed } = host;
  for (;;) {
    try {
      const headers = { "content-type": "application/json" };
      const { status, body } = await host.send({ method: "POST", path, headers, body: "{}" });
      if (expected.includes(status)) return body.length > 0 ? JSON.parse(body.toString()) : undefined;
    } catch (error) {
      if (!isKill(error)) throw error;
    }
    await host.clock.sleep(MINUTE);
  }
}

/** Every build has its receipt: of those that were terminated the sweeper writes it, once nothing is left. */
async function untilAllIsOver(host: FleetHost): Promise<void> {
  for (let minutes = 0; minutes < LONGEST_MINUTES; minutes += 10) {
    try {
      const builds = await host.builds();
      if ((await Promise.all(builds.map(host.hasReceipt))).every(Boolean)) return;
    } catch (error) {
      if (!host.isKill(error)) throw error;
    }
    await host.clock.sleep(10 * MINUTE);
  }
}

function longestHistory({ histories }: TestHost): Fleet["longest"] {
  const sizes = [...histories.values()];
  return {
    events: Math.max(...sizes.map(({ events }) => events)),
    bytes: Math.max(...sizes.map(({ bytes }) => bytes)),
  };
}
