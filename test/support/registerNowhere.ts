import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "jsonc-parser";
import {
  type CoreModuleOwner,
  provideCoreModule,
  withdrawCoreModule,
} from "../../local/functionsHost/worker/coreModule.ts";
import { Disposable } from "../../local/functionsHost/worker/disposable.ts";
import { createClients } from "../../src/azure/clients.ts";
import { readSettings } from "../../src/settings.ts";
import { NO_TELEMETRY } from "../../src/telemetry/telemetry.ts";

const root = join(import.meta.dirname, "..", "..");
const sample = (
  parse(readFileSync(join(root, "local.settings.sample.json"), "utf8")) as { Values: Record<string, string> }
).Values;

const unused = () => Promise.reject(new Error("Nothing is done."));
const nothing = () => new Disposable(() => {});
const NOBODY: CoreModuleOwner = { registerFunction: nothing, registerHook: nothing, log: () => {} };

/** Has the service register all that it has, with a host that forgets it: for whoever has mocked what takes it. */
export async function registerNowhere(): Promise<void> {
  provideCoreModule(NOBODY);
  try {
    const { registerService } = await import("../../src/service.ts");
    const settings = readSettings({ ...sample, GOLDSMITH_AUTHENTICATION: "open" });
    registerService({
      version: "registered",
      settings,
      clients: createClients(settings),
      outgoing: unused,
      catalogue: unused,
      telemetry: NO_TELEMETRY,
    });
  } finally {
    withdrawCoreModule(NOBODY);
  }
}
