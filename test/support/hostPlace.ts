import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { shown, type ShownInstance } from "./hostClient.ts";
import { type HostProcess, startHostProcess, stateFolder, temporaryFolder } from "./hostProcess.ts";

/** Local seconds in a real one. */
export const SPEED = 50;
const app = join(import.meta.dirname, "../host/app");

/** A place where hosts follow one another, and what their app did. */
export function place() {
  const folder = stateFolder(SPEED);
  const traceFile = join(temporaryFolder(), "trace");
  const env = { NIGHTLY: "0 30 1 1 1 *", TRACE_FILE: traceFile, "AzureWebJobs.everyTenSeconds.Disabled": "true" };
  return {
    start: (...args: string[]) => startHostProcess({ app, stateFolder: folder, env, args }),
    /** The lines of the orchestrations; timers have their own. */
    trace: () =>
      existsSync(traceFile)
        ? readFileSync(traceFile, "utf8")
            .trim()
            .split("\n")
            .filter((line) => !/on time|past due/.test(line))
        : [],
  };
}

/** Reads again and again, in real time. Rejects when it does not come to it. */
export async function until<T>(read: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let count = 0; count < 1500; count++) {
    const value = await read();
    if (holds(value)) return value;
    await sleep(10);
  }
  throw new Error(`It did not come to it: ${JSON.stringify(await read())}`);
}

const hasEnded = ({ runtimeStatus }: ShownInstance) => ["Completed", "Failed", "Terminated"].includes(runtimeStatus);
export const ended = (host: HostProcess, id: string) => until(() => shown(host, id), hasEnded);
