import { readFileSync } from "node:fs";
import type { Child } from "../../../../local/stack/childProcess.ts";
import { startFunctionsHost } from "../../../../local/stack/functionsHost.ts";
import type { Clock } from "../../../../local/clock/clock.ts";
import type { PlainAnswer, PlainRequest } from "../../../../local/functionsHost/http/plainRequest.ts";
import { heldToOpenApi } from "../../openApi.ts";

/** The service's host as a process, reached over sockets. */
export interface KillableHost {
  clock: Clock;
  send(request: Required<PlainRequest>): Promise<Pick<PlainAnswer, "status" | "body">>;
  /** Whether a request was rejected because nobody answered it. */
  isKill(error: unknown): boolean;
  /** `kill -9`, and a new process on the same state. */
  killAndRestart(): Promise<void>;
  /** The most memory that its process has had so far, in bytes; as Linux tells it. */
  peakMemory(): number;
  stop(): Promise<void>;
}

export async function startKillableHost(
  options: Omit<Parameters<typeof startFunctionsHost>[0], "onLine"> & { clock: Clock },
): Promise<KillableHost> {
  const { clock, ...ofHost } = options;
  const start = () => startFunctionsHost({ ...ofHost, onLine: () => {} });
  const { child: first, url } = await start();
  let child: Child = first;
  return {
    clock,
    async send({ method, path, headers, body }) {
      const isEmpty = method === "GET" || method === "DELETE";
      const answer = await fetch(url + path, {
        method,
        headers,
        ...(isEmpty ? {} : { body: String(body) }),
      });
      const { status, headers: sent } = answer;
      const bytes = Buffer.from(await answer.arrayBuffer());
      const header = (name: string) => sent.get(name) ?? undefined;
      heldToOpenApi(method, path, { status, header, body: bytes.toString() });
      return { status, body: bytes };
    },
    // What `fetch` throws where a connection is refused or cut.
    isKill: (error) => error instanceof TypeError,
    async killAndRestart() {
      await child.kill();
      const { code, signal } = await child.ended;
      // One that had ended by itself would count for a kill that never was.
      if (signal !== "SIGKILL") throw new Error(`The host ended before it was killed: ${code ?? signal}.`);
      ({ child } = await start());
    },
    peakMemory() {
      const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
      return Number(kilobytes) * 1024;
    },
    stop: () => child.stop(),
  };
}
