import Module from "node:module";
import { Disposable } from "./disposable.ts";
import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  ProgrammingModel,
  RpcLogCategory,
  RpcLogLevel,
} from "./rpc.ts";

/** What the module that apps know as `@azure/functions-core` is answered by. */
export interface CoreModuleOwner {
  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable;
  registerHook(name: string, callback: HookCallback): Disposable;
  log(level: RpcLogLevel, category: RpcLogCategory, message: string): void;
}

const WORKER_VERSION = "3.9.0";
const HOST_VERSION = "4.31.0";
const STATE = Symbol.for("goldsmith.functionsHost.coreModule");

interface State {
  current?: CoreModuleOwner | undefined;
  /** Libraries that are loaded once in a process set it once, however many hosts follow one another. */
  programmingModel?: ProgrammingModel;
  isInstalled?: boolean;
}

/** Of the process rather than of this file: a test runner loads files anew, and not the libraries that know the module. */
const state: State = ((globalThis as { [STATE]?: State })[STATE] ??= {});

function owner(): CoreModuleOwner {
  if (!state.current) throw new Error("No Functions host is running in this process.");
  return state.current;
}

const coreModule = {
  version: WORKER_VERSION,
  hostVersion: HOST_VERSION,
  registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) =>
    owner().registerFunction(metadata, callback),
  registerHook: (name: string, callback: HookCallback) => owner().registerHook(name, callback),
  setProgrammingModel: (model: ProgrammingModel) => {
    state.programmingModel = model;
  },
  getProgrammingModel: () => state.programmingModel,
  log: (level: RpcLogLevel, category: RpcLogCategory, message: string) => owner().log(level, category, message),
  Disposable,
};

/** Makes `require("@azure/functions-core")` work in this process and answers it with `newOwner` from now on. */
export function provideCoreModule(newOwner: CoreModuleOwner): void {
  state.current = newOwner;
  if (state.isInstalled) return;
  state.isInstalled = true;
  // eslint-disable-next-line typescript/unbound-method -- called with its module below
  Module.prototype.require = new Proxy(Module.prototype.require, {
    apply: (require, module, args: [string]) =>
      args[0] === "@azure/functions-core" ? coreModule : Reflect.apply(require, module, args),
  });
}

/** Only the owner itself can give the module up. */
export function withdrawCoreModule(oldOwner: CoreModuleOwner): void {
  if (state.current === oldOwner) state.current = undefined;
}

export function currentProgrammingModel(): ProgrammingModel {
  const { programmingModel } = state;
  if (!programmingModel) throw new Error("The app did not load @azure/functions: no programming model was set.");
  return programmingModel;
}
