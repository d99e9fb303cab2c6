import { randomBytes, randomUUID } from "node:crypto";
import { type Invoked, invoke } from "./worker/invoke.ts";
import type { RpcInvocationRequest } from "./worker/rpc.ts";
import type { Worker } from "./worker/worker.ts";

/** Calls a function of the app; never rejects. */
export type CallFunction = (request: Omit<RpcInvocationRequest, "invocationId">) => Promise<Invoked>;

/** Every call gets ids of its own; errors are logged, since few callers are told more than that there was one. */
export function functionCaller(worker: Worker, log: (line: string) => void): CallFunction {
  return async (request) => {
    const invoked = await invoke(worker, { ...request, invocationId: randomUUID(), traceContext: newTrace() });
    if (invoked.kind === "failed") {
      log(`[error] ${request.functionId}: ${invoked.error.stack || invoked.error.message}`);
    }
    return invoked;
  };
}

const newTrace = () => ({
  traceParent: `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-00`,
  traceState: "",
  attributes: {},
});
