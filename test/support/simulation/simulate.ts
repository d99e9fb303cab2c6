/** `npm run simulate`: builds in simulated worlds, each from a seed that tells what goes wrong in it. */
import { parseArgs } from "node:util";
import { runCommand } from "../../../local/stack/runCommand.ts";
import { simulateFleet } from "./fleet.ts";
import { brokenFleetInvariants } from "./fleetInvariants.ts";
import { brokenInvariants } from "./invariants.ts";
import { simulate, warmUp } from "./simulation.ts";
import { fleetTimelineOf, timelineOf } from "./timeline.ts";

const HELP = `Builds in simulated worlds, in which things go wrong by a seed.

Usage: npm run --silent simulate -- --seed N             one world, with its timeline
       npm run --silent simulate -- --seeds N [--from F] N worlds from seed F (1) on; stops at the first that breaks
                                                          an invariant, and exits 1

Options:
  --fleet  a world has a fleet of twenty images that share networks and galleries, and not one build of the sample
`;

/** A world that has been simulated, and what there is to say of it. */
interface Seen {
  broken: string[];
  timeline: () => string;
  /** How its builds ended, a word or two each. */
  outcomes: string[];
}

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      seeds: { type: "string" },
      from: { type: "string", default: "1" },
      fleet: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || (!values.seed && !values.seeds)) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  await warmUp();
  const see = values.fleet ? seeFleet : seeBuild;
  if (values.seed) return one(see, whole("seed", values.seed));
  return many(see, whole("seeds", values.seeds), whole("from", values.from));
});

async function seeBuild(seed: number): Promise<Seen> {
  const simulated = await simulate(seed);
  const { receipt } = simulated;
  return {
    broken: brokenInvariants(simulated),
    timeline: () => timelineOf(simulated),
    outcomes: [`${receipt?.outcome.kind} ${receipt?.cleanUp.kind}`],
  };
}

async function seeFleet(seed: number): Promise<Seen> {
  const fleet = await simulateFleet(seed);
  return {
    broken: brokenFleetInvariants(fleet),
    timeline: () => fleetTimelineOf(fleet),
    outcomes: fleet.builds.map(({ receipt }) => `${receipt?.outcome.kind} ${receipt?.cleanUp.kind}`),
  };
}

async function one(see: typeof seeBuild, seed: number): Promise<number> {
  const { broken, timeline } = await see(seed);
  console.log(timeline());
  for (const sentence of broken) console.log(`BROKEN  ${sentence}`);
  return broken.length > 0 ? 1 : 0;
}

async function many(see: typeof seeBuild, count: number, from: number): Promise<number> {
  const counts = new Map<string, number>();
  for (let seed = from; seed < from + count; seed++) {
    const { broken, timeline, outcomes } = await see(seed);
    if (broken.length > 0) {
      console.log(timeline());
      for (const sentence of broken) console.log(`BROKEN  ${sentence}`);
      console.log(`seed ${seed} breaks what must hold; see it again with --seed ${seed}`);
      return 1;
    }
    for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    if (process.stderr.isTTY) process.stderr.write(`\r${seed - from + 1} of ${count}`);
  }
  const told = [...counts].map(([outcome, number]) => `${number} ${outcome}`).toSorted();
  console.log(`${count} worlds: ${told.join(", ")}; 0 broken`);
  return 0;
}

function whole(option: string, text: string | undefined): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new Error(`--${option} takes a whole number, not "${text}".`);
  return number;
}
