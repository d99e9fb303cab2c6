import type { DurableClient } from "durable-functions";
import type { Ledger } from "../azure/ledger.ts";
import type { LedgerEntry } from "../domain/lease.ts";
import { readEntities } from "../durable/entities.ts";
import { LEASE, type LeaseState } from "../entities/lease.ts";

/**
 * All leases that there have ever been, by the ledger; and those of which only the lease itself remembers that it has
 * asked, since an entry can be deleted or spoilt. Where the engine cannot be asked the ledger has to do.
 */
export async function knownLeases(
  ledger: Ledger,
  client: DurableClient,
  installationId: string,
): Promise<LedgerEntry[]> {
  const entries = await ledger.leases();
  const inLedger = new Set(entries.map(({ grant }) => grant.name));
  // Most leases are in the ledger, and need not be read one by one.
  const remembered = await readEntities<LeaseState>(client, LEASE, (name) => !inLedger.has(name)).catch(() => []);
  const only = remembered.flatMap(({ grant, holders, assignment, readBackAt }) =>
    grant ? [{ installationId, grant, holders, assignment, ...(readBackAt && { readBackAt }) }] : [],
  );
  return [...entries, ...only];
}
