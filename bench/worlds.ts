/** How fast builds can be simulated, with faults, in one process. */
import { simulateFleet } from "../test/support/simulation/fleet.ts";
import { simulate, warmUp } from "../test/support/simulation/simulation.ts";
import { type Figure, ofSeeds } from "./figure.ts";

/** Enough that what the engine compiles as it goes counts for little. */
const BUILDS = 120;
const FLEET = 20;

export async function measure(): Promise<Figure[]> {
  await warmUp();
  const [seeds, fleetSeeds] = [seedsUpTo(BUILDS), seedsUpTo(BUILDS / FLEET)];
  const alone = await timed(simulate, seeds);
  const fleets = await timed((seed) => simulateFleet(seed), fleetSeeds);
  // On a machine that others work on too, the processor's minute says more than the one on the wall.
  return [
    ...ofSeeds(seeds, [
      { id: "simulated-alone", what: "simulated builds a minute", figure: alone.wall, note: "each in its own world" },
      { id: "simulated-alone-cpu", what: "the same a minute of the processor's", figure: alone.processor },
    ]),
    ...ofSeeds(fleetSeeds, [
      {
        id: "simulated-fleets",
        what: "simulated builds a minute",
        figure: fleets.wall,
        note: "in fleets of twenty",
        target: { atLeast: 200 },
      },
      { id: "simulated-fleets-cpu", what: "the same a minute of the processor's", figure: fleets.processor },
    ]),
  ];
}

const seedsUpTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** Builds a minute. */
async function timed(run: (seed: number) => Promise<unknown>, seeds: readonly number[]) {
  const before = process.cpuUsage();
  const started = performance.now();
  for (const seed of seeds) await run(seed);
  const wall = (performance.now() - started) / 60_000;
  const { user, system } = process.cpuUsage(before);
  return { wall: BUILDS / wall, processor: BUILDS / ((user + system) / 60e6) };
}
