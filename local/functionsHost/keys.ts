import { timingSafeEqual } from "node:crypto";
import { headerOf, type HttpCall, queryOf } from "./http/call.ts";

/** What callers prove their rights with. */
export interface HostKeys {
  /** May do everything. */
  master: string;
  /** Opens functions of the level "function". */
  host: string;
  /** Each opens the webhook of one extension. That of Durable stands in the URLs that it hands out. */
  system: Record<Extension, string>;
}

const EXTENSIONS = ["durabletask", "eventgrid"] as const;
export type Extension = (typeof EXTENSIONS)[number];

export const issueKeys = (newKey: () => string): HostKeys => ({
  master: newKey(),
  host: newKey(),
  system: { durabletask: newKey(), eventgrid: newKey() },
});

export type Role = "none" | "function" | "master" | Extension;

/** What the key of a call, if any, entitles it to. */
export function roleOf(call: HttpCall, keys: HostKeys): Role {
  const given = headerOf(call, "x-functions-key") ?? queryOf(call).get("code");
  if (!given) return "none";
  if (isSame(given, keys.master)) return "master";
  if (isSame(given, keys.host)) return "function";
  return EXTENSIONS.find((extension) => isSame(given, keys.system[extension])) ?? "none";
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
