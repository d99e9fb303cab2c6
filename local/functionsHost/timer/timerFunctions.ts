import type { Clock } from "../../clock/clock.ts";
import type { CallFunction } from "../callFunction.ts";
import type { FunctionRegistry, HostFunction } from "../functionRegistry.ts";
import type { HostState } from "../hostState.ts";
import { parseSchedule } from "./schedule.ts";
import { TimerListener } from "./timerListener.ts";

export interface TimerFunctionsOptions {
  registry: FunctionRegistry;
  clock: Clock;
  state: HostState;
  /** Puts settings in for `%NAME%`. */
  resolve: (text: string) => string;
  call: CallFunction;
  /** Told of timers that cannot run; the other functions do. */
  log: (line: string) => void;
}

/** A listener for every timer function, by the function's name. */
export function timerListeners(options: TimerFunctionsOptions): Map<string, TimerListener> {
  const listeners = new Map<string, TimerListener>();
  for (const found of options.registry.withTrigger("timerTrigger")) {
    try {
      listeners.set(found.name, listenerOf(found, options));
    } catch (error) {
      options.log(`The '${found.name}' function is in error: ${(error as Error).message}`);
    }
  }
  return listeners;
}

/** Throws when the schedule is none, or names a setting that there is not. */
function listenerOf(found: HostFunction, options: TimerFunctionsOptions): TimerListener {
  const { registry, clock, state, resolve, call } = options;
  const { schedule, useMonitor, runOnStartup } = found.trigger as {
    schedule?: string;
    useMonitor?: boolean;
    runOnStartup?: boolean;
  };
  return new TimerListener({
    schedule: parseSchedule(resolve(schedule ?? "")),
    useMonitor: useMonitor ?? true,
    runOnStartup: runOnStartup ?? false,
    clock,
    remembered: state.rememberedSchedule(found.name),
    remember: (status) => state.rememberSchedule(found.name, status),
    run: async (timer) => {
      const inputData = [{ name: found.trigger.name, data: { json: timer } }, ...registry.extraInputs(found)];
      await call({ functionId: found.id, inputData, triggerMetadata: {} });
    },
  });
}
