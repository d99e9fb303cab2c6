import { setTimeout as setRealTimeout } from "node:timers";
import type { Clock } from "../clock/clock.ts";
import { guidOf } from "./durable/entities/entityMessages.ts";
import { timeSpanText } from "./timer/timeSpan.ts";
import { rpcExceptionOf } from "./worker/errors.ts";
import { type Invoked, invoke } from "./worker/invoke.ts";
import type { RpcInvocationRequest } from "./worker/rpc.ts";
import type { Worker } from "./worker/worker.ts";

/** Calls a function of the app; never rejects. */
export type CallFunction = (request: Omit<RpcInvocationRequest, "invocationId">) => Promise<Invoked>;

export interface FunctionCallerOptions {
  worker: Worker;
  clock: Clock;
  /** Null: none. */
  timeoutSeconds: number | null;
  /** Real seconds that a call has in any case: time that runs fast must not make a slow machine fail. */
  leastSeconds: number;
  /** 32 hex digits. */
  newId: () => string;
  log: (line: string) => void;
}

/** Every call gets ids of its own; errors are logged, since few callers are told more than that there was one. */
export function functionCaller(options: FunctionCallerOptions): CallFunction {
  const { worker, newId, log } = options;
  return async (request) => {
    const whole = { ...request, invocationId: guidOf(newId()), traceContext: traceOf(newId(), newId()) };
    const { name = request.functionId } = worker.functions.get(request.functionId)?.metadata ?? {};
    const invoked = await inTime(invoke(worker, whole), options, name);
    if (invoked.kind === "failed") {
      log(`[error] ${request.functionId}: ${invoked.error.stack || invoked.error.message}`);
    }
    return invoked;
  };
}

/** What comes later is ignored: a function cannot be stopped. The real host ends the whole worker for it. */
async function inTime(
  running: Promise<Invoked>,
  { clock, timeoutSeconds, leastSeconds }: FunctionCallerOptions,
  name: string,
): Promise<Invoked> {
  if (timeoutSeconds === null) return running;
  const leastUntil = performance.now() + leastSeconds * 1000;
  return new Promise((resolve) => {
    const expire = () => {
      const span = timeSpanText(timeoutSeconds * 1000);
      const error = new Error(`Timeout value of ${span} was exceeded by function: Functions.${name}`);
      resolve({ kind: "failed", error: rpcExceptionOf(error) });
    };
    const expireInReality = () => void setRealTimeout(expire, leastUntil - performance.now()).unref();
    const timeout = clock.setTimeout(leastSeconds > 0 ? expireInReality : expire, timeoutSeconds * 1000);
    void running.then((invoked) => {
      timeout.cancel();
      resolve(invoked);
    });
  });
}

const traceOf = (trace: string, span: string) => ({
  traceParent: `00-${trace}-${span.slice(0, 16)}-00`,
  traceState: "",
  attributes: {},
});
