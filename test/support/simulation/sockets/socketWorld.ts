import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cloud, type CloudOptions, createCloud } from "../../../../local/azure/cloud.ts";
import type { Clock } from "../../../../local/clock/clock.ts";
import { setStateClock, stateClock } from "../../../../local/clock/stateClock.ts";
import { openHostState } from "../../../../local/functionsHost/hostState.ts";
import type { TaskHub } from "../../../../local/functionsHost/durable/taskHub.ts";
import { freePort } from "../../stack.ts";
import { START } from "../simulation.ts";
import { type Blobs, createBlobs } from "./blobs.ts";
import { type KillableHost, startKillableHost } from "./killableHost.ts";

/** Half an hour of fast time is a few real seconds, in which a busy machine may not get done what is no work for an hour. */
const LEAST_FUNCTION_SECONDS = 120;

/** The service in a process of its own, an Azure in this one, and sockets between them, in time that only runs fast. */
export interface SocketWorld {
  clock: Clock;
  cloud: Cloud;
  host: KillableHost;
  archive: Blobs;
  /** Stops the host. @returns its orchestrations as it has left them. */
  hub(): Promise<TaskHub>;
  close(): Promise<void>;
}

export async function openSocketWorld(options: {
  /** Where its state comes to lie. */
  stateFolder: string;
  /** Of its container of blobs. */
  name: string;
  app?: string;
  /** Azurite's blob port. */
  storagePort: number;
  /** Local seconds in a real one. */
  speed: number;
  cloud: Omit<CloudOptions, "clock" | "stateFolder">;
  env?: Record<string, string>;
}): Promise<SocketWorld> {
  const { stateFolder, name, app, storagePort, speed, env } = options;
  mkdirSync(stateFolder, { recursive: true });
  writeFileSync(join(stateFolder, "clock.json"), JSON.stringify({ real: Date.now(), local: START, speed: 0 }));
  setStateClock(stateFolder, speed);
  const clock = stateClock(stateFolder);
  const archive = await createBlobs(storagePort, name);
  const cloud = await createCloud({ ...options.cloud, clock, stateFolder });
  const host = await startKillableHost({
    ...(app && { app }),
    stateFolder,
    port: await freePort(),
    storagePort,
    azure: { ...cloud, caFile: join(stateFolder, "ca.pem") },
    env: { GOLDSMITH_ARCHIVE_CONTAINER: name, "AzureWebJobs.nightlyBuilds.Disabled": "true", ...env },
    leastFunctionSeconds: LEAST_FUNCTION_SECONDS,
    clock,
  });
  return {
    clock,
    cloud,
    host,
    archive,
    async hub() {
      await host.stop();
      const { store, close } = await openHostState({
        folder: stateFolder,
        compactAboveBytes: undefined,
        newKey: () => "",
      });
      close();
      return store.hub;
    },
    async close() {
      await host.stop();
      await cloud.close();
      clock.close();
    },
  };
}

/** The longest history among instances, in events and in bytes. */
export function longestHistoryIn({ instances }: TaskHub): { events: number; bytes: number } {
  const histories = [...instances.values()].map(({ history }) => history);
  return {
    events: Math.max(...histories.map((history) => history.length)),
    bytes: Math.max(...histories.map((history) => Buffer.byteLength(JSON.stringify(history)))),
  };
}
