import type { Simulation } from "../test/support/simulation/simulation.ts";

/** The most that any one instance has in its history. */
export function historiesOf({ host }: Pick<Simulation, "host">): { events: number; kilobytes: number } {
  const histories = [...host.hub.instances.values()].map(({ history }) => history);
  return {
    events: Math.max(...histories.map(({ length }) => length)),
    kilobytes: Math.max(...histories.map((history) => JSON.stringify(history).length)) / 1024,
  };
}
