import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { KEPT_DAYS } from "../domain/idempotency.ts";

/** Of one tick; there are many ticks a day. */
const MOST_FORGOTTEN = 200;
/** A day more than keys count, so that none goes that a request has just found. */
const FORGOTTEN_DAYS = KEPT_DAYS + 1;

/** Removes what is kept of keys that do not count any more, some of them at a time. */
export async function forgetClaims(archive: Pick<Archive, "namesBefore" | "delete">, now: Date): Promise<void> {
  const before = new Date(now.getTime() - FORGOTTEN_DAYS * 24 * 3_600_000);
  const old = await archive.namesBefore(archiveNames.claims, before);
  for (const name of old.slice(0, MOST_FORGOTTEN)) await archive.delete(name);
}
