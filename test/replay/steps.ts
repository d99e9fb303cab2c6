import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type SavedHistory, scheduledIn } from "../support/orchestration.ts";

export const HISTORIES = join(import.meta.dirname, "histories");
export const BREAKS = join(import.meta.dirname, "breaks.json");

/** By the name of a saved history, a digest of what its orchestrator had the engine do, in order. */
export type Steps = Readonly<Record<string, string>>;

/** Where what an orchestrator does has changed so that builds under way do not go on: the first is where it all began. */
export interface Break {
  /** The version in package.json at that time. */
  version: string;
  reason: string;
  /** As they are since then. */
  steps: Steps;
}

export function stepsOf(histories: Iterable<[name: string, saved: Pick<SavedHistory, "history">]>): Steps {
  const digests = [...histories].map(([name, { history }]) => [name, digest(scheduledIn(history))] as const);
  return Object.fromEntries(digests.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

export function savedSteps(): Steps {
  const names = readdirSync(HISTORIES).map((file) => file.replace(/\.json$/, ""));
  return stepsOf(names.map((name) => [name, JSON.parse(readFileSync(join(HISTORIES, `${name}.json`), "utf8"))]));
}

export function readBreaks(): [Break, ...Break[]] {
  return JSON.parse(readFileSync(BREAKS, "utf8")) as [Break, ...Break[]];
}

/** Those that do something else than before, or are gone; what is new breaks nothing. */
export function brokenBy(before: Steps, now: Steps): string[] {
  return Object.keys(before).filter((name) => now[name] !== before[name]);
}

function digest(scheduled: readonly string[]): string {
  return createHash("sha256").update(scheduled.join("\n")).digest("hex").slice(0, 16);
}
