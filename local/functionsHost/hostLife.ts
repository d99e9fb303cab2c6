import type { Clock } from "../clock/clock.ts";
import type { CallFunction } from "./callFunction.ts";
import type { HubAddress } from "./durable/api/urls.ts";
import { startDurableTask } from "./durable/durableTask.ts";
import type { FunctionRegistry } from "./functionRegistry.ts";
import type { HostJson } from "./hostJson.ts";
import type { HostOptions } from "./hostOptions.ts";
import type { HostState } from "./hostState.ts";
import { publicHandler } from "./http/publicHandler.ts";
import type { HttpHandler } from "./http/server.ts";
import { runOnDemand } from "./runOnDemand.ts";
import { timerListeners } from "./timer/timerFunctions.ts";

export interface LifeOptions extends Pick<HostOptions, "wrapFunctions" | "deliveryMilliseconds"> {
  hostJson: HostJson;
  state: HostState;
  registry: FunctionRegistry;
  call: CallFunction;
  clock: Clock;
  address: HubAddress;
  newId: () => string;
  activityRedeliverySeconds: number;
  requireKeys: boolean;
  wantsHttpStream: boolean;
  /** Puts settings in for `%NAME%`. */
  resolve: (text: string) => string;
  log: (line: string) => void;
}

/** What a host is between its start and its end: everything that a crash takes away. */
export interface HostLife {
  answer: HttpHandler;
  answerRpc: HttpHandler;
  end: () => void;
}

const refuse = () => Promise.reject(new Error("The host is down."));

/** A host that is down. */
export function noLife(): HostLife {
  return { answer: refuse, answerRpc: refuse, end: () => {} };
}

/** Takes up what the state holds, and serves. */
export function beginLife(options: LifeOptions): HostLife {
  const { hostJson, state, registry, call, clock, requireKeys, wantsHttpStream, newId } = options;
  const { routePrefix } = hostJson;
  const { keys } = state;
  const durable = startDurableTask({ ...hostJson, ...options, store: state.store });
  const timers = timerListeners(options);
  const admin = {
    keys,
    registry,
    routePrefix,
    clock,
    startedAt: clock.now(),
    instanceId: newId(),
    run: (...what: [Parameters<typeof runOnDemand>[1], string]) =>
      void runOnDemand({ call, registry, timers }, ...what),
  };
  for (const timer of timers.values()) void timer.start();
  return {
    answer: publicHandler({
      registry,
      call,
      routePrefix,
      keys,
      requireKeys,
      wantsHttpStream,
      durableApi: durable.api,
      admin,
    }),
    answerRpc: durable.answerRpc,
    end() {
      timers.forEach((timer) => timer.close());
      durable.close();
    },
  };
}
