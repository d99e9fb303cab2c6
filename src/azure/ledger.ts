import * as z from "zod";
import { archiveNames } from "../domain/archiveNames.ts";
import { ParameterValue } from "../domain/buildRequest.ts";
import { LedgerEntry } from "../domain/lease.ts";
import type { Archive } from "./archive.ts";

/** What we have asked Azure for, kept before it was asked: proof that it is ours, and what a lost engine left. */
export interface Ledger {
  /** @returns undefined where there is none, or none of this installation. */
  readLease(name: string): Promise<LedgerEntry | undefined>;
  writeLease(entry: LedgerEntry): Promise<void>;
  /** All leases of this installation that there have ever been. */
  leases(): Promise<LedgerEntry[]>;
  /** The plan of a build, kept before anything was made for it; undefined where there is none. */
  readPlan(image: string, buildId: string): Promise<PlanEntry | undefined>;
}

const PlanEntry = z.object({
  buildId: z.string(),
  /** Their names follow from the build's: what else is written there proves nothing. */
  attempts: z.array(z.object({ number: z.int() })),
  source: z.string().optional(),
  templateHash: z.string().optional(),
  parameters: z.record(z.string(), ParameterValue).optional(),
  grantSeconds: z.number().optional(),
  /** Its name and tags follow from the build's. */
  importedImage: z.object({ vhd: z.string(), keepImage: z.boolean() }).optional(),
});
/** Of a plan, what proves that a template is ours, and what the receipt of a dead build repeats. */
export type PlanEntry = z.infer<typeof PlanEntry>;

export function ledger(archive: Archive, installationId: string): Ledger {
  async function readLease(name: string): Promise<LedgerEntry | undefined> {
    const { data } = LedgerEntry.safeParse((await archive.readJson(archiveNames.lease(name)))?.value);
    return data?.installationId === installationId && data.grant.name === name ? data : undefined;
  }
  return {
    readLease,
    async leases() {
      const names = (await archive.names(archiveNames.leases)).map((name) => name.split("/").at(-1) ?? "");
      const entries = await Promise.all(names.map((name) => readLease(name.replace(/\.json$/, ""))));
      return entries.filter((entry) => entry !== undefined);
    },
    async readPlan(image, buildId) {
      const { data } = PlanEntry.safeParse((await archive.readJson(archiveNames.plan(image, buildId)))?.value);
      return data?.buildId === buildId ? data : undefined;
    },
    writeLease: (entry) => archive.writeJson(archiveNames.lease(entry.grant.name), entry),
  };
}
