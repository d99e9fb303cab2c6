import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { setStateClock } from "../../local/clock/stateClock.ts";

export interface HostProcess {
  url: string;
  /** All that it printed when it was ready. */
  ready: Record<string, unknown>;
  /** As `kill -9`: no time for anything. */
  kill(): Promise<void>;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
}

export interface HostProcessOptions {
  app: string;
  stateFolder: string;
  env?: Record<string, string>;
  /** Further command line options. */
  args?: string[];
}

const MAIN = join(import.meta.dirname, "../../local/functionsHost/main.ts");

/** A folder for one test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "functions-host-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A state folder whose clock runs `speed` times as fast as the real one. */
export function stateFolder(speed: number): string {
  const folder = join(temporaryFolder(), "state");
  mkdirSync(folder);
  setStateClock(folder, speed);
  return folder;
}

/** The host as a process of its own, ended when the test is over. Rejects with what it said when it cannot start. */
export async function startHostProcess(options: HostProcessOptions): Promise<HostProcess> {
  const { app, stateFolder, env = {}, args = [] } = options;
  const child = spawn(process.execPath, [MAIN, "--app", app, "--port", "0", "--state", stateFolder, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let complaints = "";
  child.stderr.on("data", (piece: Buffer) => (complaints += piece.toString()));
  const ready = await Promise.race([readyLine(child), once(child, "exit").then(() => undefined)]);
  if (ready === undefined) throw new Error(complaints);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, "exit");
    }
    return child.exitCode;
  };
  return { url: ready.url, ready, kill: async () => void (await end("SIGKILL")), stop: () => end("SIGTERM") };
}

async function readyLine(child: ChildProcess): Promise<{ url: string; [field: string]: unknown } | undefined> {
  if (!child.stdout) return undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const printed = JSON.parse(line) as { ready: boolean; url: string };
    if (printed.ready) return printed;
  }
  return undefined;
}
