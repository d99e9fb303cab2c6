import { createHash } from "node:crypto";
import type { HubChange } from "../../../local/functionsHost/durable/taskHub.ts";
import type { Answer, Call } from "./transport.ts";

/** All that happens in a simulation, in order and down to the last byte, kept as no more than its digest. */
export interface Trace {
  request(call: Call): void;
  answer(call: Call, answer: Answer | undefined): void;
  /** What the host has recorded: messages, results, histories. */
  change(change: HubChange): void;
  /** `<number of things> things, sha256 <hex>` of all so far. */
  digest(): string;
}

/**
 * What tells of the machine, or is signed with a key of the process, and has no part in what happens. The date that storage
 * is told is the machine's own where a step outlives its host, having been delivered twice.
 */
const OF_THE_MACHINE = ["authorization", "user-agent", "x-ms-useragent", "x-ms-date"];
/** Lines of a stack, in a text or in JSON of JSON: they name files of this machine. */
const STACK = /(?:\\+n|\n) +at [^\\\n"]+/g;

const headersOf = (headers: Record<string, string>) =>
  JSON.stringify(Object.entries(headers).filter(([name]) => !OF_THE_MACHINE.includes(name)));

/** @param now milliseconds since 1970, of the simulation. */
export function createTrace(now: () => number): Trace {
  const hash = createHash("sha256");
  let things = 0;
  const note = (what: string, text: string, bytes: string | Buffer = "") => {
    things++;
    hash.update(`${things} ${now()} ${what} ${text.replace(STACK, "")}\n`);
    hash.update(bytes);
  };
  return {
    request: ({ method, url, headers, body }) => note("request", `${method} ${url.href} ${headersOf(headers)}`, body),
    answer: ({ method, url }, answer) =>
      note("answer", `${method} ${url.href} ${answer?.status} ${headersOf(answer?.headers ?? {})}`, answer?.body),
    change: (change) => note("change", JSON.stringify(change)),
    digest: () => `${things} things, sha256 ${hash.copy().digest("hex")}`,
  };
}
