import type { Clock } from "../../clock/clock.ts";
import type { CallFunction } from "../callFunction.ts";
import type { FunctionRegistry } from "../functionRegistry.ts";
import type { HostJson } from "../hostJson.ts";
import { emptyAnswer } from "../http/call.ts";
import type { HttpHandler } from "../http/server.ts";
import { answerDurableApi, type DurableApiOptions } from "./api/durableApi.ts";
import { type HubAddress, RPC_PATH } from "./api/urls.ts";
import { Dispatcher, type DurableFunctions } from "./dispatcher.ts";
import { durableFunctionsOf } from "./durableFunctions.ts";
import { HubClient } from "./hubClient.ts";
import type { HubStore } from "./hubStore.ts";
import type { WorkItemWorld } from "./workItem.ts";

export interface DurableTaskOptions extends Pick<
  HostJson,
  "maxConcurrentActivityFunctions" | "maxConcurrentOrchestratorFunctions"
> {
  activityRedeliverySeconds: number;
  deliveryMilliseconds?: (() => number) | undefined;
  address: HubAddress;
  registry: FunctionRegistry;
  call: CallFunction;
  store: HubStore;
  clock: Clock;
  /** 32 hex digits. */
  newId: () => string;
  wrapFunctions?: ((functions: DurableFunctions) => DurableFunctions) | undefined;
  log: (line: string) => void;
}

/** The Durable extension of a host. */
export interface DurableTask {
  api: DurableApiOptions;
  /** What the library's client talks to: the same API, without a key. */
  answerRpc: HttpHandler;
  close: () => void;
}

/** Takes up whatever the store holds, and goes on from there. */
export function startDurableTask(options: DurableTaskOptions): DurableTask {
  const { registry, call, store, clock, address } = options;
  const world: WorkItemWorld = {
    now: () => clock.now(),
    newId: options.newId,
    knows: (kind, name) => registry.knows(kind, name),
  };
  const own = durableFunctionsOf(registry, call);
  const functions = options.wrapFunctions?.(own) ?? own;
  const dispatcher = new Dispatcher({ ...options, world, functions });
  const invalidName = registry.invalidName.bind(registry);
  const api = { client: new HubClient({ store, world, invalidName }), clock, address };
  dispatcher.start();
  return {
    api,
    answerRpc: async (request) => {
      if (!`${request.path}/`.startsWith(`${RPC_PATH}/`)) return emptyAnswer(404);
      const answer = await answerDurableApi(api, request, RPC_PATH);
      return { ...answer, isChunked: answer.body !== undefined };
    },
    close: () => dispatcher.close(),
  };
}
