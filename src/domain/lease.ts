import * as z from "zod";
import { effectiveBy, LEASED_ROLES } from "./grant.ts";
import type { GrantEnd } from "./receipt.ts";

const Holder = z.object({
  buildId: z.string(),
  /** ISO 8601, on Azure's clock: beyond it the build holds the grant no more, whatever becomes of it. */
  until: z.iso.datetime(),
});

/** A build that needs a grant. */
export type Holder = z.infer<typeof Holder>;

/** One role assignment, and the builds that hold it: the first in grants, the last out revokes. */
export const Lease = z.object({
  grant: z.object({
    role: z.enum(LEASED_ROLES),
    name: z.guid(),
    scope: z.string(),
    principalId: z.guid(),
    roleDefinitionId: z.string(),
  }),
  holders: z.array(Holder),
  /** What is known of the assignment in Azure. "unsure": asked for or revoked, and not read back yet. */
  assignment: z.enum(["absent", "present", "unsure"]),
  /** When it was last read back that it is gone, ISO 8601, on Azure's clock; absent since it was asked for again. */
  readBackAt: z.iso.datetime().optional(),
});

export type Lease = z.infer<typeof Lease>;

/** What the ledger keeps of a lease: written before the assignment is asked for, so that it can be proven ours. */
export const LedgerEntry = Lease.extend({ installationId: z.string() });

export type LedgerEntry = z.infer<typeof LedgerEntry>;

export type Revoked =
  /** Deleted, and read back by id and by principal that it is gone. ISO 8601, on Azure's clock. */
  | { kind: "revoked"; readBackAt: string }
  /** Nothing of ours was there; without a time where nothing was ever asked for. */
  | { kind: "absent"; readBackAt?: string }
  /** What stands there under this name is not ours, and is left alone. */
  | { kind: "foreign"; id: string };

/** What became of a grant when a build let go of it, or was made to. */
export type Left = Revoked | { kind: "stays"; holders: number };

/** The build had nothing to let go of any more: the sweeper had taken the grant before, as was noted then. */
export type Taken = { kind: "taken"; end: GrantEnd };

export function joined(holders: readonly Holder[], holder: Holder): Holder[] {
  return [...without(holders, [holder.buildId]), holder];
}

export function without(holders: readonly Holder[], buildIds: readonly string[]): Holder[] {
  return holders.filter(({ buildId }) => !buildIds.includes(buildId));
}

/** Those whose time has not run out. @param now of Azure's clock. */
export function unexpired(holders: readonly Holder[], now: Date): Holder[] {
  return holders.filter(({ until }) => Date.parse(until) > now.getTime());
}

/** Whether there is somebody to take off the lease, or an assignment that nobody holds. @param now of Azure's clock. */
export function isOverdue({ holders, assignment }: Pick<Lease, "holders" | "assignment">, now: Date): boolean {
  return unexpired(holders, now).length < holders.length || (holders.length === 0 && assignment !== "absent");
}

/**
 * Whether the service knows why the assignment of a lease may be there: a build holds it, it is not read back as gone,
 * or is so only lately, so that Azure may still list it. @param now of Azure's clock.
 */
export function isAccountedFor({ holders, assignment, readBackAt }: Lease, now: Date): boolean {
  return (
    unexpired(holders, now).length > 0 ||
    assignment !== "absent" ||
    (readBackAt !== undefined && Date.parse(effectiveBy(readBackAt)) > now.getTime())
  );
}

/** The time until which the last holder needs the grant, ISO 8601. */
export function latestExpiry(holders: readonly Holder[]): string | undefined {
  return holders
    .map(({ until }) => until)
    .toSorted((one, other) => Date.parse(one) - Date.parse(other))
    .at(-1);
}
