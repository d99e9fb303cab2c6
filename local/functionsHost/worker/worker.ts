import { basename, dirname } from "node:path";
import type { CoreModuleOwner } from "./coreModule.ts";
import { Disposable } from "./disposable.ts";
import { AzFuncRangeError, AzFuncSystemError } from "./errors.ts";
import type { FunctionCallback, FunctionMetadata, HookCallback, RpcLogCategory, RpcLogLevel } from "./rpc.ts";

export interface RegisteredFunction {
  metadata: FunctionMetadata;
  callback: FunctionCallback;
  /** The entry point that registered it. */
  scriptFile: string;
  directory: string;
}

/** Hooks for log entries came with a later host: the library says so when it gets the error below. */
const HOOKS = ["preInvocation", "postInvocation", "appStart", "appTerminate"] as const;
export type HookName = (typeof HOOKS)[number];

export type WorkerLog = (line: {
  level: RpcLogLevel;
  category: RpcLogCategory;
  source: string;
  message: string;
}) => void;

/** What one app registered with the core module. */
export class Worker implements CoreModuleOwner {
  readonly functions = new Map<string, RegisteredFunction>();
  readonly hooks = new Map<HookName, HookCallback[]>(HOOKS.map((name) => [name, []]));
  /** Shared by all hooks. */
  readonly appHookData: Record<string, unknown> = {};
  /** Of the start and terminate hooks. */
  readonly appLevelHookData: Record<string, unknown> = {};
  /** The file being loaded. */
  entryPoint: string | undefined;
  /** After start-up nothing can be registered. */
  isLocked = false;
  /** Whether the app has its HTTP functions stream, by `enableHttpStream`. */
  wantsHttpStream = false;
  readonly #log: WorkerLog;

  constructor(log: WorkerLog) {
    this.#log = log;
  }

  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
    if (this.isLocked) throw new AzFuncSystemError("A function can only be registered during app startup.");
    const id = metadata.functionId ?? metadata.name;
    if (this.functions.has(id)) {
      throw new AzFuncSystemError(`A function with id "${id}" has already been registered.`);
    }
    const scriptFile = this.entryPoint ? basename(this.entryPoint) : "unknown";
    const directory = this.entryPoint ? dirname(this.entryPoint) : "";
    this.functions.set(id, { metadata, callback, scriptFile, directory });
    return new Disposable(() => {
      if (this.isLocked) throw new AzFuncSystemError("A function can only be disposed during app startup.");
      this.functions.delete(id);
    });
  }

  registerHook(name: string, callback: HookCallback): Disposable {
    const callbacks = this.hooks.get(name as HookName);
    if (!callbacks) throw new AzFuncRangeError(`Unrecognized hook "${name}"`);
    callbacks.push(callback);
    return new Disposable(() => {
      const at = callbacks.indexOf(callback);
      if (at >= 0) callbacks.splice(at, 1);
    });
  }

  log(level: RpcLogLevel, category: RpcLogCategory, message: string): void {
    this.#log({ level, category, source: "worker", message });
  }

  logInvocation(source: string, level: RpcLogLevel, category: RpcLogCategory, message: string): void {
    this.#log({ level, category, source, message });
  }

  async executeHooks(name: HookName, context: object): Promise<void> {
    for (const callback of this.hooks.get(name) ?? []) await callback(context);
  }
}
