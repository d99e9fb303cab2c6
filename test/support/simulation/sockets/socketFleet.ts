import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as realSleep } from "node:timers/promises";
import type { Cloud } from "../../../../local/azure/cloud.ts";
import { type Chance, chanceOf } from "../../../../local/chance.ts";
import { startAzurite } from "../../../../local/stack/azurite.ts";
import { imageOfBuild } from "../../../../src/domain/buildId.ts";
import type { Receipt } from "../../../../src/domain/receipt.ts";
import { writeApp } from "../../appFolder.ts";
import { freePort } from "../../stack.ts";
import { buildFleet, type Fleet, type FleetHost } from "../fleet.ts";
import { fleetLandscape, fleetRecipes, fleetSettings } from "../fleetLandscape.ts";
import { fleetTroublesOf } from "../fleetTroubles.ts";
import { START } from "../simulation.ts";
import type { Blobs } from "./blobs.ts";
import type { KillableHost } from "./killableHost.ts";
import { longestHistoryIn, openSocketWorld } from "./socketWorld.ts";

/** Local seconds in a real one: a second or two for a new host are five minutes then. */
const SPEED = 150;
const MINUTE = 60_000;
/** All images are asked for within so many minutes. */
const ASKED_WITHIN = 20;
/** So that what was terminated is closed within the hour. */
const GRACE_MINUTES = "10";
/** Of local time, twelve seconds of real time: what a living host needs at most to note that it has let go. */
const LETTING_GO_MINUTES = 30;

/** A fleet over sockets, whose host was killed by SIGKILL so many times. */
export interface SocketFleet extends Fleet {
  kills: number;
}

/** Where fleets are built over sockets, one after another: what takes long to start is started once. */
export interface SocketGround {
  simulate(seed: number): Promise<SocketFleet>;
  close(): Promise<void>;
}

export async function openSocketGround(): Promise<SocketGround> {
  const folder = mkdtempSync(join(tmpdir(), "goldsmith-fleets-"));
  const app = join(folder, "app");
  writeApp(app, fleetRecipes.values());
  const storagePort = await freePort(3);
  const azurite = await startAzurite({ stateFolder: folder, blobPort: storagePort, containers: [] });
  return {
    simulate: (seed) => simulateSocketFleet(seed, { folder, app, storagePort }),
    async close() {
      await azurite.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A fleet as `simulateFleet` has it, but that the service's real bundle runs in a process of its own, is killed at random
 * moments, and reaches Azure, the identity endpoint and the archive over sockets, in time that only runs fast. The seed
 * decides what is asked, what goes wrong and when; real time has its say as well.
 */
async function simulateSocketFleet(
  seed: number,
  { folder, app, storagePort }: { folder: string; app: string; storagePort: number },
): Promise<SocketFleet> {
  const troubles = fleetTroublesOf(seed);
  const name = `fleet-${seed}`;
  const { clock, cloud, host, archive, hub, close } = await openSocketWorld({
    stateFolder: join(folder, name),
    name,
    app,
    storagePort,
    speed: SPEED,
    cloud: { landscape: fleetLandscape, seed },
    env: { ...fleetSettings, GOLDSMITH_SWEEP_GRACE_MINUTES: GRACE_MINUTES },
  });
  try {
    cloud.addFault(troubles.faults);
    const building = buildFleet(fleetHostOf(host, archive), seed, ASKED_WITHIN);
    const [builds, { kills, deadMinutes }] = await Promise.all([
      building,
      killAtRandom(host, chanceOf(seed, "kills"), building),
    ]);
    const milliseconds = clock.now() - START;
    const longest = longestHistoryIn(await hub());
    const texts = await archive.texts("builds/");
    return {
      seed,
      troubles: { ...troubles, told: ["a tenth of Azure's answers are faulty", `${kills} kills of the host`] },
      builds: builds.map((build) => ({ ...build, receipt: receiptIn(texts, build) })),
      longest,
      world: { cloud: frozen(cloud), archive: { text: (_, blob) => texts.get(blob) } },
      milliseconds,
      kills,
      // A kill between the removal and its note makes the note as late as the next host is ready: on a busy machine, long.
      lettingGoMinutes: LETTING_GO_MINUTES + deadMinutes,
    };
  } finally {
    await close();
  }
}

function fleetHostOf(host: KillableHost, blobs: Blobs): FleetHost {
  return {
    ...host,
    async builds() {
      const path = "/runtime/webhooks/durabletask/instances?instanceIdPrefix=fleet-&showInput=false&top=10000";
      const { body } = await host.send({ method: "GET", path, headers: {}, body: "" });
      const instances = JSON.parse(body.toString()) as { name: string; instanceId: string }[];
      return instances
        .filter(({ name }) => name === "buildImage")
        .map(({ instanceId: id }) => ({ id, image: imageOfBuild(id) ?? "" }));
    },
    hasReceipt: ({ id, image }) => blobs.exists(`builds/${image}/${id}/receipt.json`),
  };
}

/** @returns how many times, and for how many local minutes there was no host therefore, once the fleet is built. */
async function killAtRandom(
  host: KillableHost,
  chance: Chance,
  building: Promise<unknown>,
): Promise<{ kills: number; deadMinutes: number }> {
  let isOver = false;
  void building.catch(() => {}).finally(() => (isOver = true));
  let kills = 0;
  let dead = 0;
  for (const planned = chance.whole(4, 8); kills < planned; kills++) {
    await realSleep(chance.whole(200, 3500));
    if (isOver) break;
    const killedAt = host.clock.now();
    await host.killAndRestart();
    dead += host.clock.now() - killedAt;
  }
  await building.catch(() => {});
  return { kills, deadMinutes: dead / MINUTE };
}

function receiptIn(texts: Map<string, string>, { id, image }: { id: string; image: string }): Receipt | undefined {
  const text = texts.get(`builds/${image}/${id}/receipt.json`);
  return text === undefined ? undefined : (JSON.parse(text) as Receipt);
}

/** What there is and what was asked up to now. */
function frozen(cloud: Cloud): Fleet["world"]["cloud"] {
  const [state, requests] = [cloud.state(), structuredClone(cloud.requests())];
  return { state: () => state, requests: () => requests };
}
