import { spawnSync } from "node:child_process";
import { join } from "node:path";

const script = join(import.meta.dirname, "..", "support", "simulation", "simulate.ts");

/** The digest of all that happens from a seed, by a process of its own. */
export function traceOf(seed: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, [script, "--seed", seed], { encoding: "utf8" });
  const [, trace] = /^trace: (.*)$/m.exec(stdout) ?? [];
  if (!trace) throw new Error(`The seed ${seed} leads to no trace: ${stderr}`);
  return trace;
}
