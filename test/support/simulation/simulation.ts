import { join } from "node:path";
import type { AzureOptions } from "../../../local/azure/openAzure.ts";
import { createInProcessCloud } from "../../../local/azure/inProcessCloud.ts";
import { signingKey } from "../../../local/azure/entra/signingKey.ts";
import type { SettingsChange } from "../../../local/azure/settings.ts";
import { chanceOf } from "../../../local/chance.ts";
import type { Clock } from "../../../local/clock/clock.ts";
import { skippingClock } from "../../../local/clock/skippingClock.ts";
import type { HostOptions } from "../../../local/functionsHost/hostOptions.ts";
import { createTestHost, type TestHost } from "../../../local/functionsHost/testing/testHost.ts";
import {
  type Landscape,
  landscape,
  landscapeSettings,
  operatorIdentity,
  serviceIdentity,
} from "../../../local/landscape.ts";
import type { Receipt } from "../../../src/domain/receipt.ts";
import { heldToOpenApi } from "../openApi.ts";
import { createBlobStore } from "./blobStore.ts";
import { installChance } from "./installChance.ts";
import { createTold } from "./told.ts";
import { createTrace } from "./trace.ts";
import { type EventTroubles, troublesOf, type Troubles } from "./troubles.ts";
import { ARCHIVE_ORIGIN, setWorld, type World } from "./world.ts";

export const START = Date.parse("2030-01-01T00:00:00Z");
/** What this installation of the service is called. */
export const INSTALLATION = "simulation";
/** Where a ticket system would be that is told of builds, and the keys that sign for it. */
export const TICKETS = "https://tickets.example.com";
export const CALLBACK_KEYS = {
  NEW: `whsec_${Buffer.alloc(32, "new").toString("base64")}`,
  OLD: `whsec_${Buffer.alloc(32, "old").toString("base64")}`,
};
const TOKEN_SECONDS = 400 * 24 * 3600;

/** Made once a process: the key has no part in what happens. */
const key = signingKey();

/** How a simulated build went. */
export interface Simulated {
  seed: number;
  buildId: string;
  troubles: Troubles;
  receipt: Receipt | undefined;
  /** The orchestration's own status. */
  status: string;
  /** Ids of the sweeps that there have been. */
  sweeps: string[];
  world: World;
  /** Local milliseconds from start to end. */
  milliseconds: number;
}

/** Where a simulation takes place. */
export interface Ground {
  /** The app's folder beside this file. */
  app: string;
  landscape: Landscape;
  env: Record<string, string>;
}

const SAMPLE: Ground = { app: "app", landscape, env: {} };

/** A world, and the service's host in it. */
export interface Simulation {
  world: World;
  host: TestHost;
  close(): Promise<void>;
}

/** Settings by which nobody sweeps unless asked to. */
export const UNSWEPT = { "AzureWebJobs.sweepTimer.Disabled": "true" };

/**
 * Service, host, Azure and storage in this process: no socket, no real time, and every choice from the seed. One at a
 * time in a process.
 *
 * @param nightly whether the schedules of the recipes count.
 * @param env settings in place of those of simulations.
 * @param cloudAheadSeconds how far the cloud's and the storage's clock is ahead of the host's; negative: behind.
 * @param cloud settings of the cloud in place of the usual ones.
 * @param onAccess told of each operation that the cloud asks roles for.
 * @param wrapFunctions put round the service's Durable functions.
 * @param start milliseconds since 1970.
 * @param ground what the company has deployed, and the app that works on it; the sample's by default.
 */
export async function openSimulation(
  seed: number,
  {
    troubles,
    nightly = false,
    env,
    cloudAheadSeconds = 0,
    cloud,
    onAccess,
    wrapFunctions,
    ground = SAMPLE,
    start = START,
  }: {
    troubles?: Troubles;
    nightly?: boolean;
    env?: Record<string, string>;
    cloudAheadSeconds?: number;
    cloud?: SettingsChange;
    onAccess?: AzureOptions["onAccess"];
    ground?: Ground;
    start?: number;
  } & Pick<HostOptions, "wrapFunctions"> = {},
): Promise<Simulation> {
  await closeLast();
  const clock = skippingClock(start);
  const uninstall = installChance(chanceOf(seed, "process"));
  const cloudClock = { ...clock, now: () => clock.now() + cloudAheadSeconds * 1000 };
  let deliver = noHostYet;
  const world = await createWorld(seed, cloudClock, ground.landscape, (request) => deliver(request), {
    ...cloud,
    ...(onAccess && { onAccess }),
  });
  setWorld(world);
  const host = await createTestHost({
    app: join(import.meta.dirname, ground.app),
    clock,
    seed,
    // A call is as long as the simulation's time says: real time decides nothing.
    leastFunctionSeconds: 0,
    env: {
      ...settings(world.cloud.url),
      "AzureWebJobs.nightlyBuilds.Disabled": String(!nightly),
      // Only where images follow their sources there is something to watch.
      "AzureWebJobs.watchSources.Disabled": "true",
      ...ground.env,
      ...env,
    },
    ...(wrapFunctions && { wrapFunctions }),
    onChange: world.trace.change,
    ...(troubles && {
      duplicateActivities: troubles.duplicateActivities,
      latestDeliveryMilliseconds: troubles.latestDeliveryMilliseconds,
      crash: troubles.crash,
    }),
  });
  ({ send: deliver } = host);
  if (troubles?.events) await subscribe(world, host, troubles.events);
  if (troubles) world.cloud.addFault(troubles.faults);
  const close = once(async () => {
    await host.close();
    clock.close();
    await lastCalls();
    uninstall();
  });
  closeLast = close;
  return { world, host: { ...host, send: heldToDescription(host.send) }, close };
}

/** Of the simulation before, which a test that has failed may have left open. */
let closeLast: () => Promise<void> = async () => {};

function once(act: () => Promise<void>): () => Promise<void> {
  let acted: Promise<void> | undefined;
  return () => (acted ??= act());
}

/** Has ARM's events brought to the service, which may be killed as it is asked whether it wants them. */
async function subscribe({ cloud }: World, { clock }: TestHost, events: EventTroubles): Promise<void> {
  const asked = { endpoint: "http://localhost/api/events", ...events };
  while (!(await cloud.subscribeToEvents(asked).catch(() => undefined))) await clock.sleep(180_000);
}

const noHostYet: TestHost["send"] = () => Promise.reject(new Error("There is no host yet."));

/** What the service answers is held against docs/openapi.json. */
function heldToDescription(send: TestHost["send"]): TestHost["send"] {
  return async (request) => {
    const answer = await send(request);
    const { status, headers, body } = answer;
    const header = (name: string) => headers.get(name) ?? undefined;
    heldToOpenApi(request.method ?? "GET", request.path, { status, header, body: body.toString() });
    return answer;
  };
}

/** Turns of the event loop in which a step comes to its end that was under way when its host was closed. */
const LAST_TURNS = 50;

/** What is under way must not reach the next world, nor draw from its chances: a step delivered twice, say. */
async function lastCalls(): Promise<void> {
  for (let turn = 0; turn < LAST_TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** One build of the sample image in a world of its own, in which by its seed things go wrong. */
export async function simulate(seed: number): Promise<Simulated> {
  const troubles = troublesOf(seed);
  const { world, host, close } = await openSimulation(seed, { troubles });
  try {
    const buildId = await startBuild(host, seed);
    const { runtimeStatus } = await host.instance(buildId);
    return {
      seed,
      buildId,
      troubles,
      receipt: receiptOf(world, "aks-jumpbox", buildId),
      status: runtimeStatus,
      sweeps: sweepsOf(host),
      world,
      milliseconds: host.clock.now() - START,
    };
  } finally {
    await close();
  }
}

/** Ids of the sweeps that a host knows of. */
export function sweepsOf({ hub }: TestHost): string[] {
  return [...hub.instances.values()].filter(({ name }) => name === "sweep").map(({ instanceId }) => instanceId);
}

/** The receipt that a build has kept in the archive. */
export function receiptOf({ archive }: World, image: string, buildId: string): Receipt | undefined {
  const text = archive.text("archive", `builds/${image}/${buildId}/receipt.json`);
  return text === undefined ? undefined : (JSON.parse(text) as Receipt);
}

let warm = false;

/**
 * Loads the app and whatever its libraries load at their first use, once a process: that takes real time, in which a
 * simulation's clock would go on.
 */
export async function warmUp(): Promise<void> {
  if (warm) return;
  warm = true;
  await simulate(0);
}

/** Asks for a build, again where the host is killed before it has answered and has not begun one. @returns its id. */
export async function startBuild(host: TestHost, seed: number): Promise<string> {
  for (;;) {
    try {
      const answer = await host.send({
        method: "POST",
        path: "/api/images/aks-jumpbox/builds",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ reason: `simulation ${seed}` }),
      });
      if (answer.status === 202) return (JSON.parse(answer.body.toString()) as { id: string }).id;
      throw new Error(`The build was refused: ${answer.status} ${answer.body.toString()}`);
    } catch (error) {
      const begun = [...host.hub.instances.values()].find(({ name }) => name === "buildImage");
      if (begun) return begun.instanceId;
      if (!(error instanceof Error && error.message.includes("crashed"))) throw error;
      await host.clock.sleep(180_000);
    }
  }
}

async function createWorld(
  seed: number,
  clock: Clock,
  landscape: Landscape,
  deliver: TestHost["send"],
  options: SettingsChange & Pick<AzureOptions, "onAccess"> = {},
): Promise<World> {
  const cloud = createInProcessCloud({
    ...options,
    clock,
    landscape,
    seed,
    key,
    /** Webhooks are the service's own, whatever their host is called; nobody answers while it is killed. */
    async callWebhook(url, request) {
      const answer = await deliver({ ...request, path: new URL(url).pathname }).catch(() => undefined);
      return answer && new Response(answer.body.toString(), { status: answer.status, headers: answer.headers });
    },
  });
  const archive = createBlobStore(() => clock.now());
  archive.answer({
    method: "PUT",
    url: new URL(`${ARCHIVE_ORIGIN}/account/archive`),
    headers: {},
    body: Buffer.alloc(0),
  });
  const tokens: World["tokens"] = {};
  for (const audience of ["https://management.azure.com", "https://storage.azure.com"]) {
    tokens[audience] = (await cloud.token(serviceIdentity, audience, TOKEN_SECONDS)).token;
  }
  const operator = await cloud.token(operatorIdentity, "https://management.azure.com", TOKEN_SECONDS);
  // Checked once now, which takes real time, so that it takes none later.
  for (const [audience, token] of [...Object.entries(tokens), ["operator", operator.token]] as const) {
    const path = audience.includes("storage") ? "/account/packerlogs" : `/subscriptions/${landscape.subscriptionId}`;
    const headers = { authorization: `Bearer ${token}` };
    await cloud.answer({ method: "GET", url: new URL(path, cloud.url), headers, body: Buffer.alloc(0) });
  }
  cloud.reset();
  const trace = createTrace(() => clock.now());
  return { cloud, archive, tokens, operatorToken: operator.token, trace, told: createTold() };
}

function settings(armEndpoint: string): Record<string, string> {
  return {
    ...landscapeSettings,
    GOLDSMITH_ARM_ENDPOINT: armEndpoint,
    GOLDSMITH_AUTHENTICATION: "open",
    GOLDSMITH_INSTALLATION_ID: INSTALLATION,
    GOLDSMITH_CALLBACK_TARGETS: JSON.stringify([{ origin: TICKETS, secretNames: ["NEW", "OLD"] }]),
    GOLDSMITH_CALLBACK_SECRET_NEW: CALLBACK_KEYS.NEW,
    GOLDSMITH_CALLBACK_SECRET_OLD: CALLBACK_KEYS.OLD,
    GOLDSMITH_ARCHIVE: `DefaultEndpointsProtocol=http;AccountName=account;AccountKey=a2V5;BlobEndpoint=${ARCHIVE_ORIGIN}/account`,
  };
}
