/** A build of sixteen hours: how long its histories become. */
import { askForBuild } from "../test/support/simulation/askForBuild.ts";
import { openSimulation } from "../test/support/simulation/simulation.ts";
import type { Figure } from "./figure.ts";
import { historiesOf } from "./histories.ts";

const HOURS = 15.5;

export async function measure(): Promise<Figure[]> {
  const simulation = await openSimulation(1);
  const { host, world } = simulation;
  world.cloud.addFault({ scenario: "run-hangs" });
  const id = await askForBuild(host, "sixteen-hours");
  await host.clock.sleep(HOURS * 3_600_000);
  const { events, kilobytes } = historiesOf(simulation);
  await host.instance(id);
  await simulation.close();
  const note = `of a run that has gone on for ${HOURS} hours`;
  return [
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
  ];
}
