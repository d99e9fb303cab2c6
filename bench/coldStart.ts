/** How long the service takes to be loaded and registered, bundled and as it is written. */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Figure, median } from "./figure.ts";

const root = join(import.meta.dirname, "..");
const TIMES = 5;

export function measure(): Promise<Figure[]> {
  const bundle = join(root, "dist", "main.js");
  const [bundled, unbundled] = [cold(bundle), cold(join(root, "src", "main.ts"))];
  return Promise.resolve([
    {
      id: "cold-start",
      what: "cold start, bundled : unbundled",
      figure: bundled / unbundled,
      note: `${bundled.toFixed(0)} ms to ${unbundled.toFixed(0)} ms`,
      target: { atMost: 0.35 },
    },
    {
      id: "bundle-mebibytes",
      what: "size of what is loaded at first, in MiB",
      figure: statSync(bundle).size / 1024 ** 2,
      counted: true,
    },
  ]);
}

/** Milliseconds to load all modules of an entry. */
function cold(file: string): number {
  const code = `const t = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - t)`;
  return median(
    Array.from({ length: TIMES }, () =>
      Number(spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8", cwd: root }).stdout),
    ),
  );
}
