/** A build by itself, of several worlds: what it asks of Azure, how long it takes beside Azure, and what it may for how long. */
import { openSimulation, UNSWEPT } from "../test/support/simulation/simulation.ts";
import { type Figure, mean, median, ofSeeds } from "./figure.ts";
import { historiesOf } from "./histories.ts";
import { manualProcedure } from "./manual.ts";
import { type WatchedBuild, watchedBuild } from "./watchedBuild.ts";

/** So many that a change of code, by which all chances fall otherwise, does not move their means much. */
const SEEDS = Array.from({ length: 24 }, (_, index) => index + 1);
/** Builds of an image that has a past. */
const LATER = 1;

/** As Event Grid brings events: some seconds late, and now and then twice. */
const EVENTS = { endpoint: "http://localhost/api/events", disorder: 2, duplicates: 0.05 };

const EVENTS_NOTE = `up to ${EVENTS.disorder} s late, ${EVENTS.duplicates * 100} % of them twice`;

/** An image's first build and those after it, in each of the worlds. */
interface Watched {
  first: WatchedBuild[];
  later: WatchedBuild[];
  histories: ReturnType<typeof historiesOf>[];
  /** ARM calls of a sweep. */
  sweep: number;
}

async function watched(events?: typeof EVENTS): Promise<Watched> {
  const seen: Watched = { first: [], later: [], histories: [], sweep: Number.NaN };
  for (const seed of SEEDS) {
    // The sweeper looks whether anything is built or not: its calls are none of a build's.
    const simulation = await openSimulation(seed, { env: UNSWEPT });
    if (events) await simulation.world.cloud.subscribeToEvents(events);
    seen.first.push(await watchedBuild(simulation));
    seen.histories.push(historiesOf(simulation));
    for (let build = 0; build < LATER; build++) {
      await dryRun(simulation);
      seen.later.push(await watchedBuild(simulation));
    }
    seen.sweep = await sweepCalls(simulation);
    await simulation.close();
  }
  return seen;
}

export async function measure(): Promise<Figure[]> {
  const { first, later, histories, sweep } = await watched();
  const withEvents = await watched(EVENTS);
  const byHand = await manualProcedure(SEEDS);
  const all = [...first, ...later];
  const allWithEvents = [...withEvents.first, ...withEvents.later];
  const overhead = mean(of(all, "overhead")) / 1000;
  const overheadWithEvents = mean(of(allWithEvents, "overhead")) / 1000;
  const beyondNeed = all.flatMap((one) => one.beyondNeed);
  return ofSeeds(SEEDS, [
    {
      id: "arm-calls-first",
      what: "ARM calls of an image's first build",
      figure: mean(of(first, "armCalls")),
      note: `mean; by hand ${byHand.armCalls.toFixed(1)}`,
      target: { atMost: 45 },
      counted: true,
    },
    { id: "arm-calls-first-most", what: "the most of them", figure: Math.max(...of(first, "armCalls")), counted: true },
    {
      id: "arm-calls-known",
      what: "ARM calls where the ground is known",
      figure: mean(of(later, "armCalls")),
      note: "of a later build, right after a dry run; without events",
      target: { atMost: 32 },
      counted: true,
    },
    {
      id: "arm-calls-known-events",
      what: "the same where events come",
      figure: mean(of(withEvents.later, "armCalls")),
      note: EVENTS_NOTE,
      target: { atMost: 32 },
      counted: true,
    },
    { id: "arm-calls-sweep", what: "ARM calls of a sweep", figure: sweep, note: "with nothing built", counted: true },
    {
      id: "polls",
      what: "looks at a run",
      figure: mean(of(all, "polls")),
      note: "until its end is known",
      target: { atMost: 10 },
      counted: true,
    },
    {
      id: "detection-seconds",
      what: "seconds from a run's end to knowing",
      figure: median(of(all, "detection")) / 1000,
      note: `median of ${all.length} builds; without events`,
      target: { atMost: 15 },
      counted: true,
    },
    {
      id: "detection-events-seconds",
      what: "the same where events come",
      figure: median(of(allWithEvents, "detection")) / 1000,
      note: "told by the image version, which is written here as the run ends",
      target: { atMost: 3 },
      counted: true,
    },
    {
      id: "overhead",
      what: "own overhead : that by hand",
      figure: overhead / byHand.overheadSeconds,
      note: `${overhead.toFixed(0)} s to ${byHand.overheadSeconds.toFixed(0)} s, ${byHand.lagSeconds.toFixed(0)} of it for the run's operation; without events`,
      target: { atMost: 0.1 },
      counted: true,
    },
    {
      id: "overhead-events",
      what: "the same where events come",
      figure: overheadWithEvents / byHand.overheadSeconds,
      note: `${overheadWithEvents.toFixed(0)} s to ${byHand.overheadSeconds.toFixed(0)} s`,
      target: { atMost: 0.1 },
      counted: true,
    },
    {
      id: "grant-beyond-need-seconds",
      what: "seconds that a grant outlives its need",
      figure: mean(beyondNeed) / 1000,
      note: `before and after it, mean of ${beyondNeed.length}`,
      target: { atMost: 30 },
      counted: true,
    },
    { id: "grant-beyond-need-most", what: "the most of them", figure: Math.max(...beyondNeed) / 1000, counted: true },
    {
      id: "standing",
      what: "grants that stand when nothing is built",
      figure: Math.max(...of(all, "standing")),
      target: { atMost: 0 },
      counted: true,
    },
    {
      id: "history-events",
      what: "longest history of a build, in events",
      figure: Math.max(...histories.map(({ events }) => events)),
      target: { atMost: 300 },
      counted: true,
    },
    {
      id: "history-kilobytes",
      what: "largest history of a build, in KB",
      figure: Math.max(...histories.map(({ kilobytes }) => kilobytes)),
      target: { atMost: 200 },
      counted: true,
    },
  ]);
}

type Simulation = Awaited<ReturnType<typeof openSimulation>>;

async function dryRun({ host }: Simulation): Promise<void> {
  const headers = { "content-type": "application/json" };
  await host.send({ method: "POST", path: "/api/images/aks-jumpbox/builds", headers, body: '{"dryRun":true}' });
}

async function sweepCalls({ world, host }: Simulation): Promise<number> {
  const before = world.cloud.requests().requests.length;
  await host.send({ method: "POST", path: "/api/sweep", headers: { "content-type": "application/json" }, body: "{}" });
  await host.clock.sleep(5 * 60_000);
  return world.cloud.requests().requests.length - before;
}

function of(builds: readonly WatchedBuild[], figure: Exclude<keyof WatchedBuild, "id" | "beyondNeed">): number[] {
  return builds.map((one) => one[figure]);
}
