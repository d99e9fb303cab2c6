import { resolve } from "node:path";
import { setStateClock } from "../clock/stateClock.ts";
import { startAzurite } from "./azurite.ts";
import type { Child } from "./childProcess.ts";
import { startFunctionsHost } from "./functionsHost.ts";
import { type RunningAzure, startLocalAzure } from "./localAzure.ts";
import { type ChosenPort, refuseSharedPorts, refuseTakenPorts } from "./ports.ts";
import { emptyStateFolder, takeStateFolder } from "./stateFolder.ts";

export interface StackOptions {
  /** The service's port. */
  port: number;
  azurePort: number;
  identityPort: number;
  /** The blob port; queues and tables take the two after it. */
  storagePort: number;
  /** Where everything local keeps what it knows. */
  state: string;
  /** Local seconds in a real one. */
  speed: number;
  /** Names of what goes wrong in the local Azure from the start. */
  scenarios?: string[];
  /** Begin with an empty state folder. */
  fresh: boolean;
  /** More settings for the service. */
  env?: Record<string, string>;
  /** What the processes print. */
  onLine: (process: string, line: string) => void;
}

/** Everything that the service needs on one machine, and the service. */
export interface Stack {
  serviceUrl: string;
  azure: RunningAzure;
  storagePort: number;
  stateFolder: string;
  children: Child[];
  /** Resolves when one of the processes has ended without being asked to. */
  broken: Promise<string>;
  /** Stops every process and the clock. */
  stop(): Promise<void>;
}

/** All that the service needs, without the service. */
export type Surroundings = Omit<Stack, "serviceUrl" | "broken">;

/** @throws where the folder or a port is taken or a process does not come up; what had started is stopped again. */
export function startStack(options: StackOptions): Promise<Stack> {
  return inStateFolder(options, async (stateFolder) => {
    const surroundings = await startAround(options, stateFolder);
    try {
      return await startService(options, surroundings);
    } catch (error) {
      await surroundings.stop();
      throw error;
    }
  });
}

/** The same, but for the service: its port is left free. @throws likewise. */
export function startSurroundings(options: StackOptions): Promise<Surroundings> {
  return inStateFolder(options, (stateFolder) => startAround(options, stateFolder));
}

async function inStateFolder<Started extends Surroundings>(
  options: StackOptions,
  start: (stateFolder: string) => Promise<Started>,
): Promise<Started> {
  const stateFolder = resolve(options.state);
  const ports = portsOf(options);
  refuseSharedPorts(ports);
  const giveBack = takeStateFolder(stateFolder);
  try {
    await refuseTakenPorts(ports);
    if (options.fresh) emptyStateFolder(stateFolder);
    setStateClock(stateFolder, options.speed);
    const started = await start(stateFolder);
    return { ...started, stop: () => started.stop().finally(giveBack) };
  } catch (error) {
    giveBack();
    throw error;
  }
}

function portsOf({ port, azurePort, identityPort, storagePort }: StackOptions): ChosenPort[] {
  return [
    { port, option: "--port", what: "the service" },
    { port: azurePort, option: "--azure-port", what: "the local Azure" },
    { port: identityPort, option: "--identity-port", what: "the local managed identity endpoint" },
    { port: storagePort, option: "--storage-port", what: "blobs" },
    { port: storagePort + 1, option: "--storage-port", what: "queues" },
    { port: storagePort + 2, option: "--storage-port", what: "tables" },
  ];
}

async function startAround(options: StackOptions, stateFolder: string): Promise<Surroundings> {
  const { azurePort, identityPort, storagePort, scenarios = [], onLine } = options;
  const children: Child[] = [];
  const stop = async () => {
    // The service first: it talks to the others to the last.
    for (const child of children.toReversed()) await child.stop();
    setStateClock(stateFolder, 0);
  };
  try {
    children.push(await startAzurite({ stateFolder, blobPort: storagePort, containers: ["archive"] }));
    const azure = await startLocalAzure({
      stateFolder,
      port: azurePort,
      identityPort,
      scenarios,
      onLine: (line) => onLine("azure", line),
    });
    children.push(azure.child);
    return { azure, storagePort, stateFolder, children, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startService(options: StackOptions, surroundings: Surroundings): Promise<Stack> {
  const { stateFolder, azure, children } = surroundings;
  const { port, storagePort, env = {}, onLine } = options;
  const host = await startFunctionsHost({
    stateFolder,
    port,
    storagePort,
    azure,
    env,
    onLine: (line) => onLine("host", line),
  });
  children.push(host.child);
  let stopping = false;
  const stop = () => {
    stopping = true;
    return surroundings.stop();
  };
  const broken = Promise.race(
    children.map(async ({ name, ended }) => {
      const { code, signal } = await ended;
      if (stopping) return new Promise<never>(() => {});
      return `${name} has ended (${signal ?? `exit code ${code}`}).`;
    }),
  );
  return { ...surroundings, serviceUrl: host.url, broken, stop };
}
