/** What it takes to load and register the service, bundled and as it is written. */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Figure, median, ofSeeds } from "./figure.ts";

const root = join(import.meta.dirname, "..");
const TIMES = 5;

/** Prints the milliseconds of the processor's that loading takes, and the most MiB that it has in memory until then. */
const LOAD = `const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
const before = used();
await import(process.argv[1]);
console.log(JSON.stringify({ milliseconds: used() - before, mebibytes: process.resourceUsage().maxRSS / 1024 }));
process.exit();`;

export function measure(): Promise<Figure[]> {
  const bundle = join(root, "dist", "main.js");
  // In turn, so that what else the machine does hits both.
  const pairs = Array.from({ length: TIMES }, () => [load(bundle), load(join(root, "src", "main.ts"))] as const);
  const bundled = median(pairs.map(([{ milliseconds }]) => milliseconds));
  const unbundled = median(pairs.map(([, { milliseconds }]) => milliseconds));
  const figures = ofSeeds(
    [],
    [
      {
        id: "cold-start",
        what: "cold start, bundled : unbundled",
        figure: bundled / unbundled,
        note: `${bundled.toFixed(0)} ms to ${unbundled.toFixed(0)} ms of the processor`,
        target: { atMost: 0.35 },
      },
      {
        id: "cold-start-mebibytes",
        what: "most memory until it is registered, in MiB",
        figure: median(pairs.map(([{ mebibytes }]) => mebibytes)),
        note: "of the whole process",
      },
      {
        id: "bundle-mebibytes",
        what: "size of what is loaded at first, in MiB",
        figure: statSync(bundle).size / 1024 ** 2,
        counted: true,
      },
    ],
  );
  return Promise.resolve(figures);
}

interface Loaded {
  milliseconds: number;
  mebibytes: number;
}

/** Loads all modules of an entry, in a process of its own. */
function load(file: string): Loaded {
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", LOAD, file], {
    encoding: "utf8",
    cwd: root,
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Loaded;
}
