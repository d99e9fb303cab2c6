/** An image's first build, as Azure bills it: apart from what else is measured, since here Azure takes time to answer. */
import { askForBuild } from "../test/support/simulation/askForBuild.ts";
import { openSimulation, UNSWEPT, warmUp } from "../test/support/simulation/simulation.ts";
import { ARM_SECONDS, slowDown } from "./armLatency.ts";
import { executionCounter, type Executions } from "./executions.ts";
import { type Figure, mean, ofSeeds } from "./figure.ts";
import { centsOf } from "./price.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

async function billed(seed: number): Promise<Executions> {
  const counter = executionCounter();
  const simulation = await openSimulation(seed, { env: UNSWEPT, wrapFunctions: counter.wrapFunctions });
  const { host, world } = simulation;
  counter.goBy(host.clock);
  slowDown(world);
  await host.instance(await askForBuild(host, "aks-jumpbox"));
  await simulation.close();
  return counter.counted();
}

export async function measure(): Promise<Figure[]> {
  await warmUp();
  const builds: Executions[] = [];
  for (const seed of SEEDS) builds.push(await billed(seed));
  const of = (figure: keyof Executions) => mean(builds.map((one) => one[figure]));
  const seconds = of("seconds");
  const cents = centsOf({ count: of("count"), seconds, secondsApart: of("secondsApart") });
  return ofSeeds(SEEDS, [
    { id: "executions", what: "executions of a build", figure: of("count"), counted: true },
    {
      id: "price",
      what: "US cents of a build",
      figure: cents.shared,
      note: `on Flex Consumption, of ${seconds.toFixed(1)} s of an instance, were each ARM call ${ARM_SECONDS} s`,
      target: { atMost: 0.1 },
      counted: true,
    },
    {
      id: "price-apart",
      what: "the same where no second is shared",
      figure: cents.apart,
      note: "were each execution billed by itself",
      counted: true,
    },
  ]);
}
