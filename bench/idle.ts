/** A day on which nothing is built: what it asks of Azure, and what it costs. */
import { openSimulation } from "../test/support/simulation/simulation.ts";
import { ARM_SECONDS, slowDown } from "./armLatency.ts";
import { executionCounter } from "./executions.ts";
import { type Figure, ofSeeds } from "./figure.ts";
import { centsOf } from "./price.ts";

const DAY_SECONDS = 24 * 3600;
/** The timers of the service, which the durable engine does not see: schedules, sources, the sweeper. */
const TICKS = DAY_SECONDS / 300 + 24 + DAY_SECONDS / 600;

const SEED = 1;

const dollarsOfMonth = (centsOfDay: number) => (centsOfDay * 30) / 100;

export async function measure(): Promise<Figure[]> {
  const counter = executionCounter();
  const simulation = await openSimulation(SEED, { wrapFunctions: counter.wrapFunctions });
  const { host, world } = simulation;
  counter.goBy(host.clock);
  slowDown(world);
  await host.clock.sleep(DAY_SECONDS * 1000);
  const armCalls = world.cloud.requests().requests.length;
  await simulation.close();
  const { count, seconds, secondsApart } = counter.counted();
  const day = { count: count + TICKS, seconds: seconds + TICKS, secondsApart: secondsApart + TICKS };
  const { shared, apart } = centsOf(day);
  return ofSeeds(SEED, [
    { id: "idle-executions", what: "executions of a day without builds", figure: day.count, counted: true },
    { id: "idle-arm-calls", what: "ARM calls of it", figure: armCalls, note: "of 144 sweeps", counted: true },
    {
      id: "idle-price",
      what: "US dollars of a month of it",
      figure: dollarsOfMonth(shared),
      note: `${day.seconds.toFixed(0)} s of an instance a day, were each ARM call ${ARM_SECONDS} s`,
      counted: true,
    },
    {
      id: "idle-price-apart",
      what: "the same where no second is shared",
      figure: dollarsOfMonth(apart),
      counted: true,
    },
  ]);
}
