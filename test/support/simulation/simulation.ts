import { join } from "node:path";
import { createInProcessCloud } from "../../../local/azure/inProcessCloud.ts";
import { signingKey } from "../../../local/azure/entra/signingKey.ts";
import { skippingClock } from "../../../local/clock/skippingClock.ts";
import { createTestHost, type TestHost } from "../../../local/functionsHost/testing/testHost.ts";
import { landscape, landscapeSettings, serviceIdentity } from "../../../local/landscape.ts";
import type { Receipt } from "../../../src/domain/receipt.ts";
import { createBlobStore } from "./blobStore.ts";
import { chanceOf, installChance } from "./chance.ts";
import { troublesOf, type Troubles } from "./troubles.ts";
import { ARCHIVE_ORIGIN, setWorld, type World } from "./world.ts";

const START = Date.parse("2030-01-01T00:00:00Z");
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
  world: World;
  /** Local milliseconds from start to end. */
  milliseconds: number;
}

/**
 * One build of the sample image in a world of its own: service, host, Azure and storage in this process, no socket, no
 * real time, and every choice from the seed.
 */
export async function simulate(seed: number): Promise<Simulated> {
  const clock = skippingClock(START);
  const uninstall = installChance(chanceOf(seed, "process"));
  const troubles = troublesOf(seed);
  const world = await createWorld(seed, () => clock.now(), clock);
  setWorld(world);
  const host = await createTestHost({
    app: join(import.meta.dirname, "app"),
    clock,
    seed,
    keepModules: true,
    env: settings(world.cloud.url),
    duplicateActivities: troubles.duplicateActivities,
    crash: troubles.crash,
  });
  try {
    world.cloud.addFault(troubles.faults);
    const id = await startBuild(host, seed);
    const instance = await host.instance(id);
    const text = world.archive.text("archive", `builds/aks-jumpbox/${id}/receipt.json`);
    return {
      seed,
      buildId: id,
      troubles,
      receipt: text ? (JSON.parse(text) as Receipt) : undefined,
      status: instance.runtimeStatus,
      world,
      milliseconds: clock.now() - START,
    };
  } finally {
    await host.close();
    clock.close();
    uninstall();
  }
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
async function startBuild(host: TestHost, seed: number): Promise<string> {
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

async function createWorld(seed: number, now: () => number, clock: ReturnType<typeof skippingClock>): Promise<World> {
  const cloud = createInProcessCloud({ clock, landscape, seed, key });
  const archive = createBlobStore(now);
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
  // Checked once now, which takes real time, so that it takes none later.
  for (const [audience, token] of Object.entries(tokens)) {
    const path = audience.includes("storage") ? "/account/packerlogs" : `/subscriptions/${landscape.subscriptionId}`;
    const headers = { authorization: `Bearer ${token}` };
    await cloud.answer({ method: "GET", url: new URL(path, cloud.url), headers, body: Buffer.alloc(0) });
  }
  cloud.reset();
  return { cloud, archive, tokens };
}

function settings(armEndpoint: string): Record<string, string> {
  return {
    ...landscapeSettings,
    GOLDSMITH_ARM_ENDPOINT: armEndpoint,
    GOLDSMITH_INSTALLATION_ID: "simulation",
    GOLDSMITH_ARCHIVE: `DefaultEndpointsProtocol=http;AccountName=account;AccountKey=a2V5;BlobEndpoint=${ARCHIVE_ORIGIN}/account`,
    "AzureWebJobs.nightlyBuilds.Disabled": "true",
  };
}
