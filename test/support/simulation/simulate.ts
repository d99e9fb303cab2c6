/** `npm run simulate`: builds in simulated worlds, each from a seed that tells what goes wrong in it. */
import { parseArgs } from "node:util";
import { runCommand } from "../../../local/stack/runCommand.ts";
import { type Fleet, simulateFleet } from "./fleet.ts";
import { brokenFleetInvariants } from "./fleetInvariants.ts";
import { brokenInvariants } from "./invariants.ts";
import { type See, type Seen, seeMany, seeOne } from "./seeWorlds.ts";
import { simulate, warmUp } from "./simulation.ts";
import { openSocketGround } from "./sockets/socketFleet.ts";
import { fleetTimelineOf, timelineOf } from "./timeline.ts";

const HELP = `Builds in simulated worlds, in which things go wrong by a seed.

Usage: npm run --silent simulate -- --seed N             one world, with its timeline
       npm run --silent simulate -- --seeds N [--from F] N worlds from seed F (1) on; stops at the first that breaks
                                                          an invariant, and exits 1

Options:
  --fleet    a world has a fleet of twenty images that share networks and galleries, and not one build of the sample
  --sockets  the same fleets over sockets, in processes that are killed by SIGKILL; a seed then tells what is asked and
             what goes wrong, and real time has its say as well
`;

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      seeds: { type: "string" },
      from: { type: "string", default: "1" },
      fleet: { type: "boolean", default: false },
      sockets: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || (!values.seed && !values.seeds)) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  if (values.seed && values.seeds) throw new Error("--seed is one world, and --seeds are many: one of them.");
  const show = (see: See) =>
    values.seed
      ? seeOne(see, whole("seed", values.seed))
      : seeMany(see, whole("seeds", values.seeds), whole("from", values.from));
  if (values.sockets) {
    const ground = await openSocketGround();
    try {
      return await show(async (seed) => seenOf(await ground.simulate(seed)));
    } finally {
      await ground.close();
    }
  }
  await warmUp();
  return show(values.fleet ? async (seed) => seenOf(await simulateFleet(seed)) : seeBuild);
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

function seenOf(fleet: Fleet): Seen {
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
