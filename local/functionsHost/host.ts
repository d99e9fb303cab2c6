import { randomUUID } from "node:crypto";
import { resolve as absolute } from "node:path";
import type { Clock } from "../clock/clock.ts";
import { resolveSettings } from "./appSettings.ts";
import { functionCaller } from "./callFunction.ts";
import { clientPayload, RPC_PATH } from "./durable/api/urls.ts";
import { startDurableTask } from "./durable/durableTask.ts";
import type { TaskHub } from "./durable/taskHub.ts";
import { setEnvironment } from "./environment.ts";
import { FunctionRegistry } from "./functionRegistry.ts";
import { readHostJson } from "./hostJson.ts";
import { openHostState } from "./hostState.ts";
import { listenClosed } from "./http/gate.ts";
import { publicHandler } from "./http/publicHandler.ts";
import { runOnDemand } from "./runOnDemand.ts";
import { timerListeners } from "./timer/timerFunctions.ts";
import { withdrawCoreModule } from "./worker/coreModule.ts";
import { loadApp, terminateApp } from "./worker/loadApp.ts";
import { Worker } from "./worker/worker.ts";

export interface HostOptions {
  /** All time is taken from it; `installClock` gives it to the app as well. */
  clock: Clock;
  /** The folder with host.json and a package.json whose "main" names the bundle, or a pattern of files. */
  app: string;
  /** On the loopback; 0 or absent for any. */
  port?: number;
  /** Where the journal lies; absent: memory only. */
  stateFolder?: string;
  /** Put into the environment before the app is loaded; taken out again at close. */
  env?: Record<string, string>;
  /** Whether keys are asked for as in Azure; by default not, as under Core Tools. */
  requireKeys?: boolean;
  /** Told what the app and the host have to say. */
  log?: (line: string) => void;
  /** How long an activity that was being run when the host died is left alone: 300 s, as in Azure Storage. */
  activityRedeliverySeconds?: number;
  /** Real seconds that a function has, however fast the clock runs, before host.json's functionTimeout ends it: 10. */
  leastFunctionSeconds?: number;
  /** The journal is compacted when it grows beyond this. */
  compactAboveBytes?: number;
}

export interface Host {
  /** Without a slash at the end. */
  url: string;
  masterKey: string;
  /** Opens functions of the level "function". */
  hostKey: string;
  /** Opens the webhook of Event Grid. */
  eventGridKey: string;
  /** Every function that the app registered. */
  functionNames: string[];
  /** The orchestrations as they stand; not to be altered. */
  hub: Readonly<TaskHub>;
  /** Ends it as a shutdown does: what is running is not waited for, and is taken up by the next host on this state. */
  close: () => Promise<void>;
}

const LEAST_FUNCTION_SECONDS = 10;

type Undo = (() => void | Promise<void>)[];

/** Loads an app and runs it. Rejects, with everything undone, when it cannot be loaded or the port is taken. */
export async function createHost(options: HostOptions): Promise<Host> {
  const undo: Undo = [];
  const close = async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    return { ...(await start(options, undo)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(options: HostOptions, undo: Undo): Promise<Omit<Host, "close">> {
  const { clock, log = () => {}, requireKeys = false, activityRedeliverySeconds = 300 } = options;
  const { leastFunctionSeconds: leastSeconds = LEAST_FUNCTION_SECONDS } = options;
  const app = absolute(options.app);
  undo.push(setEnvironment(options.env ?? {}));
  const { routePrefix, functionTimeoutSeconds, ...hostJson } = readHostJson(app, inEnvironment);
  const { compactAboveBytes } = options;
  const state = await openHostState({ folder: options.stateFolder, compactAboveBytes });
  undo.push(state.close);

  // The app must find its address in the environment when it is loaded.
  const publicGate = await listenClosed(options.port ?? 0);
  undo.push(publicGate.close);
  const rpcGate = await listenClosed(0);
  undo.push(rpcGate.close);
  const hostOwn = { WEBSITE_HOSTNAME: new URL(publicGate.url).host, AZURE_FUNCTIONS_ENVIRONMENT: "Development" };
  undo.push(setEnvironment(hostOwn, { keep: true }));

  const worker = new Worker(({ level, source, message }) => log(`[${level}] ${source}: ${message}`));
  undo.push(() => withdrawCoreModule(worker));
  await loadApp(worker, app);
  undo.push(() => terminateApp(worker));

  const address = { taskHub: hostJson.hubName, code: state.keys.system.durabletask };
  const site = `https://${process.env["WEBSITE_HOSTNAME"]}`;
  const payload = clientPayload(site, address, `${rpcGate.url}${RPC_PATH}/`);
  const registry = new FunctionRegistry(worker, process.env, payload, log);
  const call = functionCaller({ worker, clock, timeoutSeconds: functionTimeoutSeconds, leastSeconds, log });
  const { store } = state;
  const durable = startDurableTask({
    ...hostJson,
    activityRedeliverySeconds,
    address,
    registry,
    call,
    store,
    clock,
    log,
  });
  undo.push(durable.close);
  const timers = timerListeners({ registry, clock, state, resolve: inEnvironment, call, log });
  undo.push(() => timers.forEach((timer) => timer.close()));

  const startedAt = clock.now();
  const run = (...what: [Parameters<typeof runOnDemand>[1], string]) =>
    void runOnDemand({ call, registry, timers }, ...what);
  const admin = { keys: state.keys, registry, routePrefix, clock, startedAt, instanceId: randomUUID(), run };
  const { keys } = state;
  rpcGate.open(durable.answerRpc);
  publicGate.open(publicHandler({ registry, call, routePrefix, keys, requireKeys, durableApi: durable.api, admin }));
  for (const timer of timers.values()) void timer.start();

  return {
    url: publicGate.url,
    masterKey: keys.master,
    hostKey: keys.host,
    eventGridKey: keys.system.eventgrid,
    functionNames: registry.all.map(({ name }) => name),
    hub: store.hub,
  };
}

const inEnvironment = (text: string) => resolveSettings(text, process.env);
