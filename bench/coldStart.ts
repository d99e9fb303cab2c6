/** What it takes to load and register the service, bundled and as the compiler leaves it, a file for each of src/. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "jsonc-parser";
import { type Figure, median, ofSeeds } from "./figure.ts";

const root = join(import.meta.dirname, "..");
const TIMES = 5;

/** Prints the milliseconds of the processor's that loading takes, and the most MiB that it has in memory until then. */
const LOAD = `const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
const before = used();
await import(process.argv[1]);
console.log(JSON.stringify({ milliseconds: used() - before, mebibytes: process.resourceUsage().maxRSS / 1024 }));
process.exit();`;

const sample = parse(readFileSync(join(root, "local.settings.sample.json"), "utf8")) as {
  Values: Record<string, string>;
};
/** Usable ones: what a service without any has to say takes longer than to register it. The certificate need not be there. */
const { NODE_EXTRA_CA_CERTS: _, ...SETTINGS } = sample.Values;

export function measure(): Promise<Figure[]> {
  const bundle = join(root, "dist", "main.js");
  const compiled = compile();
  // In turn, so that what else the machine does hits both.
  const pairs = Array.from({ length: TIMES }, () => [load(bundle), load(compiled)] as const);
  const bundled = median(pairs.map(([{ milliseconds }]) => milliseconds));
  const unbundled = median(pairs.map(([, { milliseconds }]) => milliseconds));
  const figures = ofSeeds(
    [],
    [
      {
        id: "cold-start",
        what: "cold start, bundled : unbundled",
        figure: bundled / unbundled,
        note: `${bundled.toFixed(0)} ms to ${unbundled.toFixed(0)} ms of the processor; unbundled: compiled, with node_modules`,
        target: { atMost: 0.35 },
      },
      {
        id: "cold-start-mebibytes",
        what: "most memory until it is registered, in MiB",
        figure: median(pairs.map(([{ mebibytes }]) => mebibytes)),
        note: "of the whole process",
      },
    ],
  );
  return Promise.resolve(figures);
}

/** @returns the entry of the service as JavaScript: to strip types while it is loaded would be nobody's cold start. */
function compile(): string {
  const { status, stdout } = run("node_modules/.bin/tsc", ["-p", "bench/tsconfig.unbundled.json"]);
  if (status !== 0) throw new Error(`The service cannot be compiled: ${stdout}`);
  const folder = join(root, "dist", "unbundled");
  mkdirSync(folder, { recursive: true });
  // The entry reads its version there, and Node that these are modules.
  copyFileSync(join(root, "package.json"), join(folder, "package.json"));
  return join(folder, "src", "main.js");
}

interface Loaded {
  milliseconds: number;
  mebibytes: number;
}

/** Loads all modules of an entry, in a process of its own. */
function load(file: string): Loaded {
  const { stdout } = run(process.execPath, ["--input-type=module", "-e", LOAD, file], SETTINGS);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Loaded;
}

function run(command: string, args: string[], env: Record<string, string> = {}) {
  return spawnSync(command, args, { encoding: "utf8", cwd: root, env: { ...process.env, ...env } });
}
