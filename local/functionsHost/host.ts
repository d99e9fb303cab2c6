import { randomBytes, randomUUID } from "node:crypto";
import { resolve as absolute } from "node:path";
import type { Clock } from "../clock/clock.ts";
import { resolveSettings } from "./appSettings.ts";
import { answerDurableApi } from "./durable/api/durableApi.ts";
import { clientPayload, RPC_PATH } from "./durable/api/urls.ts";
import { Dispatcher } from "./durable/dispatcher.ts";
import { type CallFunction, durableFunctionsOf } from "./durable/durableFunctions.ts";
import { HubClient } from "./durable/hubClient.ts";
import type { TaskHub } from "./durable/taskHub.ts";
import type { WorkItemWorld } from "./durable/workItem.ts";
import { setEnvironment } from "./environment.ts";
import { FunctionRegistry } from "./functionRegistry.ts";
import { readHostJson } from "./hostJson.ts";
import { openHostState } from "./hostState.ts";
import { emptyAnswer } from "./http/call.ts";
import { publicHandler } from "./http/publicHandler.ts";
import { type HttpHandler, listen } from "./http/server.ts";
import { runOnDemand } from "./runOnDemand.ts";
import { timerListeners } from "./timer/timerFunctions.ts";
import { withdrawCoreModule } from "./worker/coreModule.ts";
import { invoke } from "./worker/invoke.ts";
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
  /** The journal is compacted when it grows beyond this. */
  compactAboveBytes?: number;
}

export interface Host {
  /** Without a slash at the end. */
  url: string;
  masterKey: string;
  /** Opens functions of the level "function". */
  hostKey: string;
  /** Every function that the app registered. */
  functionNames: string[];
  /** The orchestrations as they stand; not to be altered. */
  hub: Readonly<TaskHub>;
  /** Ends it as a shutdown does: what is running is not waited for, and is taken up by the next host on this state. */
  close(): Promise<void>;
}

/** Loads an app and runs it. Rejects, with everything undone, when it cannot be loaded or the port is taken. */
export async function createHost(options: HostOptions): Promise<Host> {
  const undo: (() => void | Promise<void>)[] = [];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await start(options, undo, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  options: HostOptions,
  undo: (() => void | Promise<void>)[],
  close: () => Promise<void>,
): Promise<Host> {
  const { clock, log = () => {}, requireKeys = false } = options;
  const app = absolute(options.app);
  undo.push(setEnvironment(options.env ?? {}));
  const resolve = (text: string) => resolveSettings(text, process.env);
  const hostJson = readHostJson(app, resolve);
  const state = await openHostState({
    folder: options.stateFolder,
    newKeys: () => ({ master: newKey(), host: newKey(), system: newKey() }),
    ...(options.compactAboveBytes === undefined ? {} : { compactAboveBytes: options.compactAboveBytes }),
  });
  undo.push(() => state.close());

  // The app must know its address before it is loaded; until it is, callers wait.
  let isReady = () => {};
  const ready = new Promise<void>((done) => (isReady = done));
  let answerPublic: HttpHandler = () => Promise.resolve(emptyAnswer(503));
  let answerRpc: HttpHandler = answerPublic;
  const publicServer = await listen(options.port ?? 0, (call) => ready.then(() => answerPublic(call)));
  undo.push(() => publicServer.close());
  const rpcServer = await listen(0, (call) => ready.then(() => answerRpc(call)));
  undo.push(() => rpcServer.close());
  undo.push(setEnvironment({ WEBSITE_HOSTNAME: new URL(publicServer.url).host }, { keep: true }));

  const worker = new Worker(({ level, source, message }) => log(`[${level}] ${source}: ${message}`));
  undo.push(() => withdrawCoreModule(worker));
  await loadApp(worker, app);
  undo.push(() => terminateApp(worker));

  const address = { taskHub: hostJson.hubName, code: state.keys.system };
  const registry = new FunctionRegistry(
    worker,
    process.env,
    () => clientPayload(`https://${process.env["WEBSITE_HOSTNAME"]}`, address, `${rpcServer.url}${RPC_PATH}/`),
    log,
  );
  const call: CallFunction = async (request) => {
    const invoked = await invoke(worker, { ...request, invocationId: randomUUID(), traceContext: newTrace() });
    if (invoked.kind === "failed")
      log(`[error] ${request.functionId}: ${invoked.error.stack || invoked.error.message}`);
    return invoked;
  };
  const world: WorkItemWorld = {
    now: () => clock.now(),
    newId: () => randomUUID().replaceAll("-", ""),
    knows: (kind, name) => registry.knows(kind, name),
  };
  const dispatcher = new Dispatcher({
    store: state.store,
    clock,
    world,
    functions: durableFunctionsOf(registry, call),
    maxConcurrentActivityFunctions: hostJson.maxConcurrentActivityFunctions,
    maxConcurrentOrchestratorFunctions: hostJson.maxConcurrentOrchestratorFunctions,
    activityRedeliverySeconds: options.activityRedeliverySeconds ?? 300,
    log,
  });
  undo.push(() => dispatcher.close());
  const timers = timerListeners({
    registry,
    clock,
    state,
    resolve,
    run: async (found, timer) => {
      const data = [{ name: found.trigger.name, data: { json: timer } }, ...registry.extraInputs(found)];
      await call({ functionId: found.id, inputData: data, triggerMetadata: {} });
    },
  });
  undo.push(() => timers.forEach((timer) => timer.close()));

  const client = new HubClient({
    store: state.store,
    world,
    invalidName: (kind, name) => registry.invalidName(kind, name),
  });
  const durableApi = { client, clock, address };
  const { routePrefix } = hostJson;
  answerRpc = (request) =>
    `${request.path}/`.startsWith(`${RPC_PATH}/`)
      ? answerDurableApi(durableApi, request, RPC_PATH).then((answer) => ({
          ...answer,
          isChunked: Boolean(answer.body),
        }))
      : Promise.resolve(emptyAnswer(404));
  answerPublic = publicHandler({
    registry,
    call,
    routePrefix,
    keys: state.keys,
    requireKeys,
    durableApi,
    admin: {
      registry,
      routePrefix,
      clock,
      startedAt: clock.now(),
      instanceId: randomUUID(),
      run: (found, input) => void runOnDemand({ call, registry, timers }, found, input),
    },
  });
  isReady();
  dispatcher.start();
  for (const timer of timers.values()) void timer.start();

  return {
    url: publicServer.url,
    masterKey: state.keys.master,
    hostKey: state.keys.host,
    functionNames: registry.all.map(({ name }) => name),
    hub: state.store.hub,
    close,
  };
}

const newKey = () => randomBytes(40).toString("base64url");

const newTrace = () => ({
  traceParent: `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-00`,
  traceState: "",
  attributes: {},
});
