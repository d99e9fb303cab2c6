import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { currentProgrammingModel, provideCoreModule } from "./coreModule.ts";
import { AzFuncSystemError, rpcExceptionOf } from "./errors.ts";
import { entryPointsOf, isModuleFile, readAppPackage } from "./entryPoints.ts";
import { hookContext } from "./hookContexts.ts";
import type { Worker } from "./worker.ts";

const nativeImport = createRequire(import.meta.url)("./nativeImport.cts") as (url: string) => Promise<unknown>;

/** How often each file was loaded in this process: modules are kept by their URL, a second app needs fresh ones. */
const loads = new Map<string, number>();

/**
 * Loads the app's entry points and runs its start hooks. Throws when it cannot be loaded.
 *
 * @param app its folder.
 */
export async function loadApp(worker: Worker, app: string): Promise<void> {
  provideCoreModule(worker);
  await loadEntryPoints(worker, app);
  const readOnly = { hookData: worker.appLevelHookData, appHookData: worker.appHookData };
  await worker.executeHooks("appStart", hookContext(readOnly, { functionAppDirectory: app }));
  const capabilities = await currentProgrammingModel().getCapabilities?.({ ...CAPABILITIES });
  worker.wantsHttpStream = capabilities?.["HttpUri"] !== undefined;
  worker.isLocked = true;
}

async function loadEntryPoints(worker: Worker, app: string): Promise<void> {
  const appPackage = readAppPackage(app);
  for (const file of entryPointsOf(app, appPackage.main)) {
    worker.entryPoint = join(app, file);
    try {
      await loadFile(worker.entryPoint, isModuleFile(file, appPackage));
    } catch (error) {
      const { message, stack } = rpcExceptionOf(error);
      throw new AzFuncSystemError(`Worker was unable to load entry point "${file}": ${message}\n${stack}`, {
        cause: error,
      });
    } finally {
      worker.entryPoint = undefined;
    }
  }
  if (worker.functions.size === 0) {
    throw new AzFuncSystemError(
      `No functions were found: the entry point "${appPackage.main}" registered none. Does it import the files that call app.http, app.timer and the like?`,
    );
  }
}

async function loadFile(file: string, isModule: boolean): Promise<void> {
  const count = loads.get(file) ?? 0;
  loads.set(file, count + 1);
  if (isModule) {
    const url = pathToFileURL(file).href;
    await nativeImport(count === 0 ? url : `${url}?load=${count}`);
  } else {
    const require = createRequire(file);
    delete require.cache[file];
    require(file);
  }
}

/** Runs the app's terminate hooks. */
export async function terminateApp(worker: Worker): Promise<void> {
  const readOnly = { hookData: worker.appLevelHookData, appHookData: worker.appHookData };
  await worker.executeHooks("appTerminate", hookContext(readOnly, {}));
}

const CAPABILITIES = {
  RawHttpBodyBytes: "true",
  RpcHttpTriggerMetadataRemoved: "true",
  RpcHttpBodyOnly: "true",
  IgnoreEmptyValuedRpcHttpHeaders: "true",
  UseNullableValueDictionaryForHttp: "true",
  WorkerStatus: "true",
  TypedDataCollection: "true",
  HandlesWorkerTerminateMessage: "true",
};
