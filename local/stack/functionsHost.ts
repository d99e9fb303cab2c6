import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { speedOf } from "../clock/stateClock.ts";
import { azuriteConnectionString } from "./azurite.ts";
import { type Child, startChild } from "./childProcess.ts";
import { type RunningAzure, readReadyLine } from "./localAzure.ts";

/** The service's folder: the one with `host.json`. */
export const APP_FOLDER = resolve(import.meta.dirname, "..", "..");

/** Real seconds that ARM has to answer, however fast the clock runs: a slow machine must not make requests fail. */
const LEAST_ANSWER_SECONDS = 10;

/** The settings that depend on the chosen ports, and that the service has on a developer's machine. */
export function localEnvironment({
  stateFolder,
  storagePort,
  azure,
}: {
  stateFolder: string;
  storagePort: number;
  azure: Omit<RunningAzure, "child">;
}): Record<string, string> {
  return {
    NODE_EXTRA_CA_CERTS: azure.caFile,
    IDENTITY_ENDPOINT: azure.identityUrl,
    IDENTITY_HEADER: azure.identityHeader,
    GOLDSMITH_ARM_ENDPOINT: azure.url,
    GOLDSMITH_ARM_TIMEOUT_SECONDS: String(Math.max(100, LEAST_ANSWER_SECONDS * speedOf(stateFolder))),
    GOLDSMITH_ARCHIVE: azuriteConnectionString(storagePort),
    AzureWebJobsStorage: azuriteConnectionString(storagePort),
    GOLDSMITH_ENTRA_AUTHORITY: azure.url,
    GOLDSMITH_AUTHENTICATION: "open",
  };
}

/** Starts the Functions host, and in it the service, as a process of its own. */
export async function startFunctionsHost(options: {
  /** The app's folder; the service's by default. */
  app?: string;
  stateFolder: string;
  port: number;
  storagePort: number;
  azure: Omit<RunningAzure, "child">;
  env?: Record<string, string>;
  /** Real seconds that a function has in any case, however fast time runs. */
  leastFunctionSeconds?: number;
  onLine: (line: string) => void;
}): Promise<{ child: Child; url: string }> {
  const { app = APP_FOLDER, stateFolder, port, storagePort, azure, env, leastFunctionSeconds, onLine } = options;
  const own = join(APP_FOLDER, "local.settings.json");
  const { child, ready } = await startChild(
    {
      name: "The Functions host",
      script: join(import.meta.dirname, "..", "functionsHost", "main.ts"),
      options: {
        app,
        port,
        state: stateFolder,
        ...(leastFunctionSeconds && { "least-seconds": leastFunctionSeconds }),
        settings: existsSync(own) ? own : join(APP_FOLDER, "local.settings.sample.json"),
      },
      // The environment goes before the settings file, as under Core Tools.
      env: { ...localEnvironment({ stateFolder, storagePort, azure }), ...env },
      onLine,
    },
    (line) => readReadyLine(line) as { url: string } | undefined,
  );
  return { child, url: ready.url };
}
