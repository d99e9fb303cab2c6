/** A build of sixteen hours: how long its histories become, until it has ended. */
import { askForBuild } from "../test/support/simulation/askForBuild.ts";
import { openSimulation } from "../test/support/simulation/simulation.ts";
import { type Figure, ofSeeds } from "./figure.ts";
import { historiesOf } from "./histories.ts";

const SEED = 1;

export async function measure(): Promise<Figure[]> {
  const simulation = await openSimulation(SEED);
  const { host, world } = simulation;
  world.cloud.addFault({ scenario: "run-hangs" });
  const id = await askForBuild(host, "sixteen-hours");
  const asked = host.clock.now();
  await host.instance(id);
  const { events, kilobytes } = historiesOf(simulation);
  const hours = (host.clock.now() - asked) / 3_600_000;
  await simulation.close();
  const note = `of a build that has gone on for ${hours.toFixed(1)} hours`;
  return ofSeeds(SEED, [
    {
      id: "long-history-events",
      what: "longest history, in events",
      figure: events,
      note,
      target: { atMost: 300 },
      counted: true,
    },
    {
      id: "long-history-kilobytes",
      what: "largest history, in KB",
      figure: kilobytes,
      note,
      target: { atMost: 200 },
      counted: true,
    },
  ]);
}
