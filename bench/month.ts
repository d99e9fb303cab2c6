/** A month of nights, three images each: how much faster than the month itself it goes by. */
import { openSimulation } from "../test/support/simulation/simulation.ts";
import { type Figure, ofSeeds } from "./figure.ts";

const DAYS = 31;

const SEED = 30;

export async function measure(): Promise<Figure[]> {
  const simulation = await openSimulation(SEED, { nightly: true, env: { GOLDSMITH_SWEEP_SCHEDULE: "0 0 * * * *" } });
  const started = performance.now();
  await simulation.host.clock.sleep(DAYS * 24 * 3_600_000);
  const seconds = (performance.now() - started) / 1000;
  const builds = [...simulation.host.hub.instances.values()].filter(({ name }) => name === "buildImage").length;
  await simulation.close();
  return ofSeeds(SEED, [
    {
      id: "month-builds",
      what: "builds of a simulated month of nights",
      figure: builds,
      note: `three images, ${DAYS} nights`,
      target: { atLeast: 93 },
    },
    { id: "month-seconds", what: "seconds that it takes", figure: seconds, target: { atMost: 60 } },
    { id: "month-times-real", what: "simulated time : real time, in it", figure: (DAYS * 24 * 3600) / seconds },
  ]);
}
