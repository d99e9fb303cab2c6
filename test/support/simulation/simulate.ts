/** `npm run simulate`: builds in simulated worlds, each from a seed that tells what goes wrong in it. */
import { parseArgs } from "node:util";
import { runCommand } from "../../../local/stack/runCommand.ts";
import { simulateFleet } from "./fleet.ts";
import { brokenFleetInvariants } from "./fleetInvariants.ts";
import { brokenInvariants } from "./invariants.ts";
import { type Seen, seeMany, seeOne } from "./seeWorlds.ts";
import { simulate, warmUp } from "./simulation.ts";
import { fleetTimelineOf, timelineOf } from "./timeline.ts";

const HELP = `Builds in simulated worlds, in which things go wrong by a seed.

Usage: npm run --silent simulate -- --seed N             one world, with its timeline
       npm run --silent simulate -- --seeds N [--from F] N worlds from seed F (1) on; stops at the first that breaks
                                                          an invariant, and exits 1

Options:
  --fleet  a world has a fleet of twenty images that share networks and galleries, and not one build of the sample
`;

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
  if (values.seed) return seeOne(see, whole("seed", values.seed));
  return seeMany(see, whole("seeds", values.seeds), whole("from", values.from));
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

function whole(option: string, text: string | undefined): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new Error(`--${option} takes a whole number, not "${text}".`);
  return number;
}
