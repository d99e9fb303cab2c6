/** `npm run simulate`: builds in simulated worlds, each from a seed that tells what goes wrong in it. */
import { parseArgs } from "node:util";
import { runCommand } from "../../../local/stack/runCommand.ts";
import { brokenInvariants } from "./invariants.ts";
import { simulate, warmUp } from "./simulation.ts";
import { timelineOf } from "./timeline.ts";

const HELP = `Builds the sample image in simulated worlds, in which things go wrong by a seed.

Usage: npm run --silent simulate -- --seed N             one world, with its timeline
       npm run --silent simulate -- --seeds N [--from F] N worlds from seed F (1) on; stops at the first that breaks
                                                          an invariant, and exits 1
`;

await runCommand(async () => {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      seeds: { type: "string" },
      from: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || (!values.seed && !values.seeds)) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  await warmUp();
  if (values.seed) return one(whole("seed", values.seed));
  return many(whole("seeds", values.seeds), whole("from", values.from));
});

async function one(seed: number): Promise<number> {
  const simulated = await simulate(seed);
  const broken = brokenInvariants(simulated);
  console.log(timelineOf(simulated));
  for (const sentence of broken) console.log(`BROKEN  ${sentence}`);
  return broken.length > 0 ? 1 : 0;
}

async function many(count: number, from: number): Promise<number> {
  const outcomes = new Map<string, number>();
  for (let seed = from; seed < from + count; seed++) {
    const simulated = await simulate(seed);
    const broken = brokenInvariants(simulated);
    if (broken.length > 0) {
      console.log(timelineOf(simulated));
      for (const sentence of broken) console.log(`BROKEN  ${sentence}`);
      console.log(`seed ${seed} breaks what must hold; see it again with --seed ${seed}`);
      return 1;
    }
    const outcome = `${simulated.receipt?.outcome.kind} ${simulated.receipt?.cleanUp.kind}`;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (process.stderr.isTTY) process.stderr.write(`\r${seed - from + 1} of ${count}`);
  }
  const counts = [...outcomes].map(([outcome, number]) => `${number} ${outcome}`).toSorted();
  console.log(`${count} worlds: ${counts.join(", ")}; 0 broken`);
  return 0;
}

function whole(option: string, text: string | undefined): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new Error(`--${option} takes a whole number, not "${text}".`);
  return number;
}
