import { beforeAll, describe, expect, it } from "vitest";
import { warmUp } from "../simulation/simulation.ts";
import { brokenPromises } from "./brokenPromises.ts";
import type { Phase, Row } from "./row.ts";
import { onStage, type Setting } from "./stage.ts";

/** Of each fault only the first phase, but with `FAULTS=all`. */
const isWhole = process.env.FAULTS === "all";

/** Has each fault of a part of the table strike at each of its moments, in a world of its own. */
export function describeFaults(part: string, rows: readonly Row[]): void {
  beforeAll(warmUp, 120_000);

  describe(`faults in ${part}`, () => {
    for (const { fault, what, phases } of rows) {
      const all = Object.entries(phases);
      for (const [moment, phase] of isWhole ? all : all.slice(0, 1)) {
        it(`keeps the promises under fault ${fault}: ${what} (${moment})`, async () => {
          expect(await brokenBy(phase)).toEqual([]);
        });
      }
    }
  });
}

/** What does not hold when a fault strikes. @param more of the setting than the phase itself asks for. */
export async function brokenBy({ strike, shows, setting }: Phase, more: Setting = {}): Promise<string[]> {
  const evidence = await onStage({ ...setting, ...more }, strike);
  const unshown = shows.map((isShown) => isShown(evidence)).filter((sentence) => sentence !== undefined);
  return [...brokenPromises(evidence), ...unshown];
}
