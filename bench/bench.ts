/** `npm run bench`: what is measured by counts and ratios. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { BASELINE, elsewhereIn, missing, readBaseline, regression, unguarded, writeBaseline } from "./baseline.ts";
import type { Figure } from "./figure.ts";
import { missedOf } from "./missed.ts";
import { lineOf } from "./table.ts";

/** By what has figures that are counted, and what is only timed. */
const COUNTED = ["build", "billed", "longBuild", "idle", "requests", "hundred", "bundle"];
const TIMED = ["coldStart", "worlds", "month", "evaluator", "thousand"];

const HELP = `npm run bench -- [options]
npm run --silent bench -- --json [options]

Measures, and prints a line a figure with its target. Exits with 1 where a target is missed, or where a figure that is counted
has grown to more than 1.2 times what it is in the baseline; figures that take time are compared with nothing.

  --counted         only what has figures that are counted, which are the same on each machine; what bench/knownMisses.ts
                    names may miss its target, and all else by a tenth, since each change of code shifts the chances
  --only <name>     one measurement: ${[...COUNTED, ...TIMED].join(", ")}
  --json            only JSON on standard output: machine, figures with their seeds, and baseline; all else is told on standard
                    error. Without --silent npm writes lines of its own before it
  --baseline <file> a baseline in place of bench/baseline.json
  --write-baseline  keeps the counted figures in the baseline
  --help            this
`;

const { values } = parseArgs({
  options: {
    counted: { type: "boolean", default: false },
    only: { type: "string" },
    baseline: { type: "string", default: BASELINE },
    json: { type: "boolean", default: false },
    "write-baseline": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit();
}

const names = values.only ? [values.only] : values.counted ? COUNTED : [...COUNTED, ...TIMED];
for (const name of names) {
  if ([...COUNTED, ...TIMED].includes(name)) continue;
  console.error(`Nothing is measured by the name ${name}; --help tells the names.`);
  process.exit(2);
}

const baseline = readBaseline(values.baseline);
const elsewhere = elsewhereIn(baseline, { isOne: values.only !== undefined, names });
const machine = {
  node: process.version,
  processor: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  gibibytes: Math.round(totalmem() / 1024 ** 3),
};
const say = values.json ? console.error : console.log;
say(`Node ${machine.node}, ${machine.cores} × ${machine.processor}, ${machine.gibibytes} GiB`);

const figures: Figure[] = [];
for (const name of names) {
  console.error(`measuring: ${name} …`);
  const measured = await measureAlone(name);
  for (const one of measured) say(lineOf(one, baseline));
  figures.push(...measured);
}
if (values["write-baseline"]) {
  const kept = Object.fromEntries(Object.entries(baseline).filter(([id]) => elsewhere.includes(id)));
  writeBaseline(figures, kept, values.baseline);
}

const grown = values["write-baseline"] ? [] : figures.filter((one) => regression(one, baseline) !== undefined);
const unmeasured = missing(figures, baseline).filter((id) => !elsewhere.includes(id));
const lost = values["write-baseline"] ? [] : [...unmeasured, ...unguarded(figures, baseline)];
for (const id of lost) say(`${id} is in the baseline and was not measured, or the other way round: --write-baseline.`);
if (values.json) console.log(JSON.stringify({ machine, figures, baseline }, null, 2));
const missed = missedOf(figures, values.counted);
const isBad = [grown, lost, missed].some(({ length }) => length > 0);
process.exitCode = isBad ? 1 : 0;

/** Each in a process of its own: none has what another has left in memory, and the app is loaded anew. */
async function measureAlone(name: string): Promise<Figure[]> {
  const file = join(import.meta.dirname, "measureOne.ts");
  const child = spawn(process.execPath, [file, name], { stdio: ["ignore", "pipe", "inherit"] });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (code !== 0) throw new Error(`Measuring ${name} ended with exit code ${code}.`);
  return JSON.parse(printed) as Figure[];
}
