import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "./clock.ts";
import { type Epoch, spedUpClock } from "./spedUpClock.ts";

/** The clock of a state folder: every process started on that folder reads the same time from it. */
export function stateClock(stateFolder: string): Clock {
  return spedUpClock(readEpoch(stateFolder));
}

/**
 * Ties a state folder's clock to the real one, before its processes are started; a speed of 0 stops it. Where it has
 * run before, local time goes on from where it stood, so that nothing that was due in an hour is overdue after a
 * night switched off.
 */
export function setStateClock(stateFolder: string, speed: number): void {
  const real = Date.now();
  let local = real;
  if (existsSync(fileOf(stateFolder))) {
    const before = readEpoch(stateFolder);
    local = Math.floor(before.local + (real - before.real) * before.speed);
  }
  writeFileSync(fileOf(stateFolder), JSON.stringify({ real, local, speed } satisfies Epoch));
}

/** How many seconds of a state folder's clock pass in a real one. */
export function speedOf(stateFolder: string): number {
  return readEpoch(stateFolder).speed;
}

const fileOf = (stateFolder: string) => join(stateFolder, "clock.json");

function readEpoch(stateFolder: string): Epoch {
  return JSON.parse(readFileSync(fileOf(stateFolder), "utf8")) as Epoch;
}
