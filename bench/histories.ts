import type { Simulation } from "../test/support/simulation/simulation.ts";

/** The most that any one instance has ever had in its history, whatever has begun anew or is purged since. */
export function historiesOf({ host }: Pick<Simulation, "host">): { events: number; kilobytes: number } {
  const sizes = [...host.histories.values()];
  return {
    events: Math.max(...sizes.map(({ events }) => events)),
    kilobytes: Math.max(...sizes.map(({ bytes }) => bytes)) / 1024,
  };
}
