import { archiveNames } from "../domain/archiveNames.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import type { Grant } from "../domain/grant.ts";
import type { Holder, Left } from "../domain/lease.ts";
import { grantOfHolder, noted, type Orphan } from "../domain/lostReceipt.ts";
import { type Archive, changeJson, type Document } from "./archive.ts";
import type { Ledger } from "./ledger.ts";

/** What has been noted of a build that is dead, or may be soon. */
export async function readOrphan(archive: Archive, image: string, buildId: string): Promise<Orphan> {
  return orphanIn(await archive.readJson(archiveNames.orphan(image, buildId)));
}

/** Keeps what only the build or its template tells: for the receipt of a build that is dead, or may be soon. */
export async function noteOrphan(
  archive: Archive,
  { image, buildId, ...found }: Orphan & { image: string; buildId: string },
): Promise<void> {
  const name = archiveNames.orphan(image, buildId);
  await changeJson(archive, name, orphanIn, (before) => noted(before, found));
}

/**
 * Keeps what the ledger has of builds' grants, since it forgets them: before they are taken off a lease, and after.
 *
 * @param left what became of it; absent before.
 * @param at when, ISO 8601; now where it is not told.
 */
export async function noteGrants(
  archive: Archive,
  ledger: Ledger,
  {
    grant,
    ends,
    left,
    at = new Date().toISOString(),
  }: { grant: Grant; ends: readonly Holder[]; left?: Left; at?: string },
): Promise<void> {
  for (const holder of ends) {
    const image = imageOfBuild(holder.buildId);
    if (!image) continue;
    const plan = await ledger.readPlan(image, holder.buildId);
    const ended = left && { left, at };
    const grants = [grantOfHolder(grant, holder, plan?.grantSeconds, ended)];
    await noteOrphan(archive, { image, buildId: holder.buildId, grants });
  }
}

const orphanIn = (found: Document | undefined) => (found?.value as Orphan | undefined) ?? {};
