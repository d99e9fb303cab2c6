import type { CallFunction } from "./callFunction.ts";
import type { FunctionRegistry, HostFunction } from "./functionRegistry.ts";
import { httpTriggerData } from "./http/httpTrigger.ts";
import type { TimerListener } from "./timer/timerListener.ts";
import type { RpcTypedData } from "./worker/rpc.ts";

export interface OnDemandOptions {
  call: CallFunction;
  registry: FunctionRegistry;
  timers: Map<string, TimerListener>;
}

/** Runs a function because an administrator asked for it. @param input what a trigger without values of its own gets. */
export async function runOnDemand(options: OnDemandOptions, found: HostFunction, input: string): Promise<void> {
  const { call, registry, timers } = options;
  const data = triggerData(found, input, timers.get(found.name));
  await call({
    functionId: found.id,
    inputData: [{ name: found.trigger.name, data }, ...registry.extraInputs(found)],
    triggerMetadata: {},
  });
}

function triggerData(found: HostFunction, input: string, timer: TimerListener | undefined): RpcTypedData {
  if (timer) return { json: timer.timerOnDemand() };
  if (found.trigger.type.toLowerCase() !== "httptrigger") return { string: input };
  const request = { method: "POST", path: `/api/${found.name}`, search: "", origin: "http://localhost" };
  return httpTriggerData({ ...request, headers: [["content-type", "application/json"]], body: Buffer.from(input) }, {});
}
