import { randomBytes, randomUUID } from "node:crypto";
import { resolve as absolute } from "node:path";
import { resolveSettings } from "./appSettings.ts";
import { functionCaller } from "./callFunction.ts";
import { clientPayload, RPC_PATH } from "./durable/api/urls.ts";
import { setEnvironment } from "./environment.ts";
import { FunctionRegistry } from "./functionRegistry.ts";
import { readHostJson } from "./hostJson.ts";
import { beginLife, noLife } from "./hostLife.ts";
import type { Host, HostOptions } from "./hostOptions.ts";
import { openHostState } from "./hostState.ts";
import { listenClosed } from "./http/gate.ts";
import type { HttpHandler } from "./http/server.ts";
import { callOf, plainAnswerOf } from "./http/plainRequest.ts";
import { withdrawCoreModule } from "./worker/coreModule.ts";
import { loadApp, terminateApp } from "./worker/loadApp.ts";
import { Worker } from "./worker/worker.ts";

export type { Host, HostOptions } from "./hostOptions.ts";

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
  const { newId = randomId, openGate = listenClosed } = options;
  const app = absolute(options.app);
  undo.push(setEnvironment(options.env ?? {}));
  const hostJson = readHostJson(app, inEnvironment);
  const newKey = options.newId ? () => newId() + newId() : randomKey;
  const { stateFolder: folder, compactAboveBytes, wrapJournal } = options;
  const state = await openHostState({ folder, compactAboveBytes, newKey, wrapJournal });
  undo.push(state.close);
  if (options.onChange) state.store.onChange(options.onChange);

  // The app must find its address in the environment when it is loaded.
  const publicGate = await openGate(options.port ?? 0, "host");
  undo.push(publicGate.close);
  const rpcGate = await openGate(0, "durable");
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
  const { functionTimeoutSeconds: timeoutSeconds } = hostJson;
  const { leastFunctionSeconds: leastSeconds = LEAST_FUNCTION_SECONDS } = options;
  const call = functionCaller({ worker, clock, timeoutSeconds, leastSeconds, newId, log });

  const { wantsHttpStream } = worker;
  const ofLife = { wantsHttpStream, hostJson, state, registry, call, clock, address, newId, activityRedeliverySeconds };
  const begin = () => beginLife({ ...options, ...ofLife, requireKeys, resolve: inEnvironment, log });
  let life = begin();
  undo.push(() => life.end());
  const answer: HttpHandler = async (request) => {
    const begun = life;
    const answered = await begun.answer(request);
    if (begun !== life) throw new Error("The host crashed before it had answered.");
    return answered;
  };
  rpcGate.open((request) => life.answerRpc(request));
  publicGate.open(answer);

  return {
    url: publicGate.url,
    masterKey: state.keys.master,
    hostKey: state.keys.host,
    eventGridKey: state.keys.system.eventgrid,
    functionNames: registry.all.map(({ name }) => name),
    hub: state.store.hub,
    send: async (request) => plainAnswerOf(await answer(callOf(request, publicGate.url))),
    crash(downSeconds = 0) {
      life.end();
      if (downSeconds === 0) life = begin();
      else {
        const down = (life = noLife());
        clock.setTimeout(() => {
          if (life === down) life = begin();
        }, downSeconds * 1000);
      }
    },
    async reset() {
      life.end();
      const forgotten = state.reset();
      life = begin();
      await forgotten;
    },
  };
}

const inEnvironment = (text: string) => resolveSettings(text, process.env);

const randomId = () => randomUUID().replaceAll("-", "");
const randomKey = () => randomBytes(40).toString("base64url");
