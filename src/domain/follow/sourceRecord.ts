import * as z from "zod";
import { compareVersions } from "../versionOrder.ts";

/**
 * When the service has seen which version of a source first, lowest number first: `sources/<hash>.json` in the archive.
 * The marketplace does not tell when a version came out, so that cool-downs count from here.
 */
export const SourceRecord = z
  .object({
    /** For people: the name of the hash's file says nothing. */
    source: z.string().catch(""),
    versions: z.array(z.object({ version: z.string(), at: z.iso.datetime() })).catch([]),
  })
  .catch({ source: "", versions: [] });
export type SourceRecord = z.infer<typeof SourceRecord>;
type Seen = SourceRecord["versions"];

/** Versions that are remembered: the highest. */
const MOST_SEEN = 20;

/** @param at ISO 8601. @returns what has been seen with what is there now; those that are there no more have been pulled. */
export function withListed(seen: Seen, listed: readonly string[], at: string): { versions: Seen; pulled: string[] } {
  const there = new Set(listed);
  const known = new Set(seen.map(({ version }) => version));
  const fresh = [...there].filter((version) => !known.has(version)).map((version) => ({ version, at }));
  return {
    versions: inOrder([...seen.filter(({ version }) => there.has(version)), ...fresh]),
    pulled: seen.filter(({ version }) => !there.has(version)).map(({ version }) => version),
  };
}

/** The same where only the newest was asked for: of what has a higher number nothing is there any more. */
export function withNewest(seen: Seen, newest: string, at: string): Seen {
  const lower = seen.filter(({ version }) => compareVersions(version, newest) < 0).map(({ version }) => version);
  return withListed(seen, [...lower, newest], at).versions;
}

function inOrder(seen: Seen): Seen {
  return seen.toSorted((one, other) => compareVersions(one.version, other.version)).slice(-MOST_SEEN);
}
