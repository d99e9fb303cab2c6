import { appendFileSync } from "node:fs";

/** What the app did, in order, of this process; with TRACE_FILE set, in a file that outlives it. */
export function trace(line: string): void {
  const file = process.env["TRACE_FILE"];
  if (file) appendFileSync(file, `${line}\n`);
}
