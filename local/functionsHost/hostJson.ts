import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parse } from "jsonc-parser";
import { parseTimeSpan } from "./timer/timeSpan.ts";

/** The app's host.json, as far as this host heeds it. */
export interface HostJson {
  routePrefix: string;
  hubName: string;
  maxConcurrentActivityFunctions: number;
  maxConcurrentOrchestratorFunctions: number;
  /** Null: none. */
  functionTimeoutSeconds: number | null;
}

interface RawHostJson {
  version?: string;
  functionTimeout?: string;
  extensions?: {
    http?: { routePrefix?: string };
    durableTask?: {
      hubName?: string;
      maxConcurrentActivityFunctions?: number;
      maxConcurrentOrchestratorFunctions?: number;
    };
  };
}

const DEFAULT_TIMEOUT_SECONDS = 30 * 60;

/** Throws when there is none, or it is of another version than 2.0. @param resolve puts settings in for `%NAME%`. */
export function readHostJson(app: string, resolve: (text: string) => string): HostJson {
  const file = join(app, "host.json");
  if (!existsSync(file)) throw new Error(`The app has no host.json: ${file}`);
  const raw = parse(readFileSync(file, "utf8")) as RawHostJson;
  if (raw?.version !== "2.0") throw new Error(`${file} must have "version": "2.0".`);
  const durable = raw.extensions?.durableTask ?? {};
  const perCore = 10 * availableParallelism();
  return {
    routePrefix: (raw.extensions?.http?.routePrefix ?? "api").replaceAll(/^\/+|\/+$/g, ""),
    hubName: resolve(durable.hubName ?? "TestHubName"),
    maxConcurrentActivityFunctions: durable.maxConcurrentActivityFunctions ?? perCore,
    maxConcurrentOrchestratorFunctions: durable.maxConcurrentOrchestratorFunctions ?? perCore,
    functionTimeoutSeconds: timeoutOf(raw.functionTimeout),
  };
}

function timeoutOf(text: string | undefined): number | null {
  if (text === undefined) return DEFAULT_TIMEOUT_SECONDS;
  if (text === "-1") return null;
  const milliseconds = parseTimeSpan(text);
  if (milliseconds === undefined) throw new Error(`The functionTimeout '${text}' of host.json is no time span.`);
  return milliseconds / 1000;
}
