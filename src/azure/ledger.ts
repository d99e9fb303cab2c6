import { archiveNames } from "../domain/archiveNames.ts";
import { LedgerEntry } from "../domain/lease.ts";
import type { Archive } from "./archive.ts";

/** What we have asked Azure for, kept before it was asked: proof that it is ours, and what a lost engine left. */
export interface Ledger {
  /** @returns undefined where there is none, or none of this installation. */
  readLease(name: string): Promise<LedgerEntry | undefined>;
  writeLease(entry: LedgerEntry): Promise<void>;
}

export function ledger(archive: Archive, installationId: string): Ledger {
  return {
    async readLease(name) {
      const { data } = LedgerEntry.safeParse((await archive.readJson(archiveNames.lease(name)))?.value);
      return data?.installationId === installationId && data.grant.name === name ? data : undefined;
    },
    writeLease: (entry) => archive.writeJson(archiveNames.lease(entry.grant.name), entry),
  };
}
