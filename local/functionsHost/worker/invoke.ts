import { currentProgrammingModel } from "./coreModule.ts";
import { AzFuncSystemError, type RpcException, rpcExceptionOf } from "./errors.ts";
import { hookContext } from "./hookContexts.ts";
import type { CoreInvocationContext, RpcInvocationRequest, RpcInvocationResponse } from "./rpc.ts";
import type { Worker } from "./worker.ts";

export type Invoked = { kind: "succeeded"; response: RpcInvocationResponse } | { kind: "failed"; error: RpcException };

/** Runs one invocation as the Node worker does: arguments, hooks before, the function, hooks after, the response. */
export async function invoke(worker: Worker, request: RpcInvocationRequest): Promise<Invoked> {
  try {
    return { kind: "succeeded", response: await run(worker, request) };
  } catch (error) {
    return { kind: "failed", error: rpcExceptionOf(error) };
  }
}

async function run(worker: Worker, request: RpcInvocationRequest): Promise<RpcInvocationResponse> {
  const registered = worker.functions.get(request.functionId);
  if (!registered) {
    throw new AzFuncSystemError(`Function code for '${request.functionId}' is not loaded and cannot be invoked.`);
  }
  const { metadata, callback } = registered;
  const core: CoreInvocationContext = {
    invocationId: request.invocationId,
    request,
    metadata,
    state: undefined,
    log: (level, category, message) => worker.logInvocation(metadata.name, level, category, message),
  };
  const model = await currentProgrammingModel().getInvocationModel(core);
  const { context, inputs } = await model.getArguments();
  const readOnly = { hookData: {}, appHookData: worker.appHookData, invocationContext: context };

  const before = hookContext(readOnly, { functionCallback: callback, inputs });
  await during(core, "preInvocationHooks", () => worker.executeHooks("preInvocation", before));

  const nothing: unknown = null;
  const after = hookContext(readOnly, { inputs: before.inputs, result: nothing, error: nothing });
  await during(core, "invocation", async () => {
    try {
      after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = error;
    }
  });
  await during(core, "postInvocationHooks", () => worker.executeHooks("postInvocation", after));

  // Whoever throws null or undefined has not failed.
  if (after.error !== null && after.error !== undefined) throw after.error;
  return model.getResponse(context, after.result);
}

async function during(
  core: CoreInvocationContext,
  state: CoreInvocationContext["state"],
  work: () => Promise<void>,
): Promise<void> {
  core.state = state;
  try {
    await work();
  } finally {
    core.state = undefined;
  }
}
