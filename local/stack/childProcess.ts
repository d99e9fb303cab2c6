import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A process of ours that runs until it is told to stop. */
export interface Child {
  name: string;
  pid: number;
  /** Resolves when the process has ended, for whatever reason. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Asks the process to end, and kills it where it does not within `STOP_SECONDS`. */
  stop(): Promise<void>;
  /** `kill -9`, as a crash would. */
  kill(): Promise<void>;
}

export interface ChildOptions {
  name: string;
  /** A script for this very Node. */
  script: string;
  /** Its options: `{ port: 80, quiet: true, tag: ["a", "b"] }` is `--port 80 --quiet --tag a --tag b`. */
  options: Record<string, string | number | true | string[]>;
  env?: Record<string, string | undefined>;
  /** Told of each line that the process prints, but not of the one that says that it is ready. */
  onLine: (line: string) => void;
}

const STOP_SECONDS = 10;
/** Lines of a process's output that are quoted where it ends before it is ready. */
const LAST_LINES = 15;

/**
 * Starts a process and waits until it has printed a line that `readReady` takes as the word that it is ready.
 *
 * @throws with the last of what it printed where it ends before.
 */
export async function startChild<Ready>(
  { name, script, options, env, onLine }: ChildOptions,
  readReady: (line: string) => Ready | undefined,
): Promise<{ child: Child; ready: Ready }> {
  const args = Object.entries(options).flatMap(([option, value]) =>
    value === true ? [`--${option}`] : [value].flat().flatMap((one) => [`--${option}`, String(one)]),
  );
  const spawned = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed: string[] = [];
  const ended = once(spawned, "exit").then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  const child: Child = {
    name,
    pid: spawned.pid ?? -1,
    ended,
    async stop() {
      spawned.kill("SIGTERM");
      const timer = setTimeout(() => spawned.kill("SIGKILL"), STOP_SECONDS * 1000);
      await ended;
      clearTimeout(timer);
    },
    async kill() {
      spawned.kill("SIGKILL");
      await ended;
    },
  };

  const becameReady = new Promise<Ready>((resolve) => {
    const follow = (line: string) => {
      const ready = readReady(line);
      // It is for us alone: that of the local Azure carries the identity header, which is as good as a password.
      if (ready !== undefined) return resolve(ready);
      printed.push(line);
      if (printed.length > LAST_LINES) printed.shift();
      onLine(line);
    };
    createInterface({ input: spawned.stdout }).on("line", follow);
    createInterface({ input: spawned.stderr }).on("line", follow);
  });
  const died = ended.then(({ code, signal }): never => {
    const last = printed.join("\n  ");
    throw new Error(`${name} ended before it was ready (${signal ?? `exit code ${code}`}):\n  ${last}`);
  });
  return { child, ready: await Promise.race([becameReady, died]) };
}
