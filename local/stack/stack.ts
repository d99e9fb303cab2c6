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

/** @throws where the folder or a port is taken or a process does not come up; what had started is stopped again. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const stateFolder = resolve(options.state);
  const ports = portsOf(options);
  refuseSharedPorts(ports);
  const giveBack = takeStateFolder(stateFolder);
  try {
    await refuseTakenPorts(ports);
    if (options.fresh) emptyStateFolder(stateFolder);
    setStateClock(stateFolder, options.speed);
    const stack = await startProcesses(options, stateFolder);
    return { ...stack, stop: () => stack.stop().finally(giveBack) };
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

async function startProcesses(options: StackOptions, stateFolder: string): Promise<Stack> {
  const { port, azurePort, identityPort, storagePort, onLine } = options;
  const children: Child[] = [];
  const line = (process: string) => ({ onLine: (text: string) => onLine(process, text) });
  let stopping = false;
  const stop = async () => {
    stopping = true;
    // The service first: it talks to the others to the last.
    for (const child of children.toReversed()) await child.stop();
    setStateClock(stateFolder, 0);
  };
  try {
    const containers = ["archive"];
    children.push(await startAzurite({ stateFolder, blobPort: storagePort, containers }));
    const { scenarios = [] } = options;
    const azure = await startLocalAzure({ stateFolder, port: azurePort, identityPort, scenarios, ...line("azure") });
    children.push(azure.child);
    const env = options.env ?? {};
    const host = await startFunctionsHost({ stateFolder, port, storagePort, azure, env, ...line("host") });
    children.push(host.child);
    const broken = Promise.race(
      children.map(async ({ name, ended }) => {
        const { code, signal } = await ended;
        if (stopping) return new Promise<never>(() => {});
        return `${name} has ended (${signal ?? `exit code ${code}`}).`;
      }),
    );
    return { serviceUrl: host.url, azure, storagePort, stateFolder, children, broken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
