import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { readLocalSettings } from "../functionsHost/localSettings.ts";
import { APP_FOLDER, localEnvironment } from "./functionsHost.ts";
import type { RunningAzure } from "./localAzure.ts";

/** What a shell exits with where there is no such command. */
export const NOT_FOUND = 127;

const OLDEST = 4;

/** Why Azure Functions Core Tools cannot be used, and how to get them; undefined where they can. */
export function coreToolsMissing(): string | undefined {
  const { error, stdout } = spawnSync("func", ["--version"], { encoding: "utf8" });
  const version = stdout?.trim() ?? "";
  if (!error && Number(version.split(".")[0]) >= OLDEST) return undefined;
  const why = error ? "There is no command func" : `The command func is of version ${version || "unknown"}`;
  return `${why}: this takes Azure Functions Core Tools, version ${OLDEST} or later.

  npm install --global azure-functions-core-tools@${OLDEST}

Other ways: https://learn.microsoft.com/azure/azure-functions/functions-run-local. Without them, npm start runs the same
bundle in a Functions host of its own.`;
}

/**
 * Runs `func start` in the service's folder, with the settings of `local.settings.json`, or of the sample where there is
 * none, as environment variables, which go before the file.
 *
 * @returns its exit code.
 */
export async function runCoreTools(options: {
  stateFolder: string;
  port: number;
  storagePort: number;
  azure: Omit<RunningAzure, "child">;
  stopped: Promise<unknown>;
}): Promise<number> {
  const { port, stopped, ...place } = options;
  const own = join(APP_FOLDER, "local.settings.json");
  const settings = existsSync(own) ? own : join(APP_FOLDER, "local.settings.sample.json");
  const env = { ...readLocalSettings(settings), ...process.env, ...localEnvironment(place) };
  // As an app of JavaScript: it is built already, and nothing of the folder is to be restored or compiled.
  const func = spawn("func", ["start", "--javascript", "--port", String(port)], {
    cwd: APP_FOLDER,
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  let isStopped = false;
  void stopped.then(() => {
    isStopped = true;
    func.kill("SIGINT");
  });
  return new Promise((resolve, reject) => {
    func.on("error", reject);
    // As a shell has it where a signal has ended it, unless that is what was asked for.
    func.on("exit", (code, signal) => resolve(code ?? (isStopped || !signal ? 0 : 128 + constants.signals[signal])));
  });
}
