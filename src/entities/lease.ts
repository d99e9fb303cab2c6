import type { Archive } from "../azure/archive.ts";
import { type Ledger, ledger as ledgerOf } from "../azure/ledger.ts";
import { noteGrants, readOrphan } from "../azure/orphans.ts";
import type { RoleAssignments } from "../azure/roleAssignments.ts";
import { advise } from "../domain/advice.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import { StepDelayed, StepFailed } from "../domain/failure.ts";
import { type Grant, grantDescription } from "../domain/grant.ts";
import {
  type Holder,
  joined,
  latestExpiry,
  type Lease,
  type Left,
  type Revoked,
  type Taken,
  unexpired,
  without,
} from "../domain/lease.ts";
import { HELD_BY_NOBODY_ELSE, NOT_READ_BACK } from "../domain/leftover.ts";
import { endOf, takenIn } from "../domain/lostReceipt.ts";
import type { GrantEnd } from "../domain/receipt.ts";
import { groundOf, isOurs, type Proof, type RoleAssignment } from "../domain/roleAssignment.ts";
import { judged, type StandingGrant, standingGrantFailure } from "../domain/standingGrant.ts";
import type { Entity } from "../durable/entities.ts";
import type { Settings } from "../settings.ts";

export type { Left, Taken } from "../domain/lease.ts";

/** Times are ISO 8601, on Azure's clock. */
export type Joined =
  | { kind: "granted"; at: string; until: string }
  /** Somebody else's standing grants, which the settings accept, all of them: nothing is granted, and nothing revoked. */
  | ({ kind: "standing"; others?: StandingGrant[] } & StandingGrant);

export interface LeaseParts {
  roleAssignments: RoleAssignments;
  archive: Archive;
  settings: Pick<Settings, "installationId" | "servicePrincipals" | "acceptedGrants">;
}

type Operations = ReturnType<typeof operationsOf>;
export type LeaseEntity = Entity<LeaseState, Operations>;

/** Without a grant as long as nobody has asked for it. */
export type LeaseState = Omit<Lease, "grant"> & { grant?: Grant; unnoted?: Ended[] };

/** A build that is off the lease, which the archive could not be told yet. */
interface Ended extends Holder {
  /** Where it was taken off: when (ISO 8601), and what became of the grant; without that as long as nobody knows. */
  taken?: { at: string; left?: Left };
}

/** One lease a role assignment, under the assignment's own name: nobody else makes or deletes it. */
export function leaseEntity(parts: LeaseParts): LeaseEntity {
  const ledger = ledgerOf(parts.archive, parts.settings.installationId);
  return {
    name: LEASE,
    initially: async (name) => (await ledger.readLease(name).catch(inDoubt)) ?? { holders: [], assignment: "absent" },
    operations: operationsOf(parts, ledger),
  };
}

export const LEASE = "lease";

function operationsOf({ roleAssignments, archive, settings }: LeaseParts, ledger: Ledger) {
  const { installationId, servicePrincipals } = settings;

  const proofBy = (inLedger: boolean): Proof => ({ inLedger, servicePrincipals });

  /** Keeps what is known of the lease. What the ledger forgets by it is noted first, for receipts of the dead. */
  async function keep(state: LeaseState, grant: Grant): Promise<void> {
    await note(state, grant);
    const { holders, assignment, readBackAt } = state;
    await ledger.writeLease({ installationId, grant, holders, assignment, ...(readBackAt && { readBackAt }) });
  }

  async function note(state: LeaseState, grant: Grant): Promise<void> {
    for (const { taken, ...holder } of state.unnoted ?? []) {
      await noteGrants(archive, ledger, {
        grant,
        ends: [holder],
        ...(taken?.left && { left: taken.left, at: taken.at }),
      });
    }
    delete state.unnoted;
  }

  /**
   * Leaves a lease to these, and takes the assignment away where nobody is left. Losing the archive keeps no access
   * alive: what it does not take is owed, and as long as the ledger still has those who are off the lease, the sweeper
   * comes back to it.
   *
   * @param takenAt where the others are taken off, and have not let go themselves.
   */
  async function leaveTo(state: LeaseState, grant: Grant, holders: Holder[], takenAt?: string): Promise<Left> {
    const ended = state.holders
      .filter((holder) => !holders.includes(holder))
      .map((holder): Ended => ({ ...holder, ...(takenAt && { taken: { at: takenAt } }) }));
    state.holders = holders;
    state.unnoted = [...(state.unnoted ?? []), ...ended];
    // What has never been asked for gets no entry, which would be proof of it.
    const wasAsked = holders.length > 0 || (await isAskedFor(state, grant));
    try {
      const left: Left =
        holders.length > 0 ? { kind: "stays", holders: holders.length } : await takeAway(state, grant, wasAsked);
      for (const { taken } of ended) if (taken) taken.left = left;
      // Also where nothing has changed: what was to be kept the last time may not have been.
      await (wasAsked ? keep : note)(state, grant).catch(owed);
      return left;
    } catch (error) {
      await note(state, grant).catch(owed);
      throw error;
    }
  }

  /** This lease has written the ledger and remembers it, whatever became of the entry; without a memory, the entry says so. */
  async function isAskedFor(state: LeaseState, grant: Grant): Promise<boolean> {
    return state.grant !== undefined || (await ledger.readLease(grant.name).catch(() => undefined)) !== undefined;
  }

  async function takeAway(state: LeaseState, grant: Grant, inLedger: boolean): Promise<Revoked> {
    if (state.assignment === "absent") {
      return { kind: "absent", ...(state.readBackAt && { readBackAt: state.readBackAt }) };
    }
    // Whatever this lease remembers: somebody may have put another one of the same name in its place.
    const standing = await standingOf(grant).catch((error: unknown) => unlessReadBefore(state, error));
    if (standing && !isOurs(standing, grant, proofBy(inLedger))) {
      state.assignment = "absent";
      return { kind: "foreign", id: standing.id };
    }
    // What has been granted and is not listed may not be readable yet, so it is deleted all the same.
    const deletion = await roleAssignments.delete(grant).catch((error: unknown) => error as Error);
    const refusal = deletion instanceof Error ? deletion : undefined;
    if (!refusal) state.assignment = "unsure";
    // A refusal to delete what is not there leaves nothing behind.
    if (await roleAssignments.find(grant).catch(inDoubt)) throw refusal ?? new Error(`${grant.name} is still there.`);
    const { assignments, now } = await roleAssignments.listOf(grant.principalId, grant.scope).catch(inDoubt);
    if (assignments.some(({ name }) => name === grant.name)) {
      throw refusal ?? new Error(`${grant.name} is still listed.`);
    }
    state.assignment = "absent";
    state.readBackAt = now.toISOString();
    return { kind: deletion === "deleted" ? "revoked" : "absent", readBackAt: state.readBackAt };
  }

  /** How the sweeper took the grant from a build; undefined where it has not, or nobody can say. */
  async function takenFrom(state: LeaseState, grant: Grant, buildId: string): Promise<GrantEnd | undefined> {
    const { taken } = state.unnoted?.find((one) => one.buildId === buildId) ?? {};
    if (taken?.left) return { takenBy: "sweeper", ...endOf({ at: taken.at, left: taken.left }) };
    const orphan = await readOrphan(archive, imageOfBuild(buildId) ?? "", buildId).catch(() => ({}));
    return takenIn(orphan, grant);
  }

  /** @throws StepFailed where somebody else's stands under our name. What is in the ledger by now is not asked. */
  function requireOurs(standing: RoleAssignment | undefined, grant: Grant): void {
    if (standing && !isOurs(standing, grant, proofBy(true))) {
      throw new StepFailed(standingGrantFailure([standing]));
    }
  }

  async function standingOf(grant: Grant): Promise<RoleAssignment | undefined> {
    const found = await roleAssignments.find(grant);
    if (found) return found;
    const { assignments } = await roleAssignments.listOf(grant.principalId, grant.scope);
    return assignments.find(({ name }) => name === grant.name);
  }

  return {
    /**
     * Grants, or joins those who hold the grant already, for so many seconds on Azure's clock. A build that asks again,
     * since a worker died over the first time, gets no more time by it.
     */
    async join(
      state: LeaseState,
      { grant, buildId, seconds }: { grant: Grant; buildId: string; seconds: number },
    ): Promise<Joined> {
      // Whatever comes of it: an earlier removal is none of what is asked for now.
      delete state.readBackAt;
      const { assignments, now } = await roleAssignments.listOf(grant.principalId, grant.scope);
      const entry = await ledger.readLease(grant.name);
      const ground = groundOf(grant, assignments, proofBy(entry !== undefined || state.grant !== undefined));
      if (ground.kind === "foreign") {
        const { standing, blocking } = judged(ground.assignments, settings.acceptedGrants, now);
        const [first, ...others] = standing;
        if (blocking.length > 0 || !first) throw new StepFailed(standingGrantFailure(blocking));
        return { kind: "standing", ...first, ...(others.length > 0 && { others }) };
      }
      const asked = [...state.holders, ...(entry?.holders ?? [])].find((holder) => holder.buildId === buildId);
      const until = asked?.until ?? new Date(now.getTime() + seconds * 1000).toISOString();
      state.grant = grant;
      state.holders = joined(state.holders, { buildId, until });
      if (Date.parse(until) <= now.getTime()) {
        throw new StepFailed(advise("grant-overdue", `The time of ${grant.name} was over before it could be used.`));
      }
      if (ground.kind === "free") state.assignment = "unsure";
      await keep(state, grant);

      const description = grantDescription(installationId, latestExpiry(state.holders) ?? until);
      if (ground.kind === "free" || ground.assignment.description !== description) {
        await roleAssignments.put(grant, description);
      }
      // The answer to a PUT does not tell who has made it, and a list may be behind: there may be another one by now, or none.
      const made = await roleAssignments.find(grant);
      if (!made) throw new Error(`${grant.name} cannot be read back yet.`);
      // The description may be our own by now, whoever made it.
      requireOurs({ ...made, description: "" }, grant);
      state.assignment = "present";
      return { kind: "granted", at: now.toISOString(), until };
    },

    /** Takes a build off the lease, and the assignment away where it was the last. */
    async leave(state: LeaseState, { grant, buildId }: { grant: Grant; buildId: string }): Promise<Left | Taken> {
      if (!state.holders.some((holder) => holder.buildId === buildId)) {
        const end = await takenFrom(state, grant, buildId);
        if (end) return { kind: "taken", end };
      }
      return leaveTo(state, grant, without(state.holders, [buildId])).catch(heldByNobodyElse);
    },

    /**
     * Takes those off whose time is over or whose builds are dead, and the assignment away where nobody is left.
     * `sweepId` is for whoever tells of it; sweeps that were begun before leave it out.
     */
    async sweep(
      state: LeaseState,
      { grant, now, dead, seen }: { grant: Grant; now: string; dead: string[]; seen: boolean; sweepId?: string },
    ): Promise<Left> {
      if (seen && state.assignment === "absent") state.assignment = "unsure";
      const holders = unexpired(without(state.holders, dead), new Date(now));
      return leaveTo(state, grant, holders, new Date().toISOString());
    },
  };
}

/** For `catch` of what the archive does not take: it is in the state still. */
function owed(): void {}

/** Losing the right to read keeps no access alive: a lease that has read its grant back as its own deletes it by name. */
function unlessReadBefore({ assignment }: LeaseState, error: unknown): undefined {
  if (assignment !== "present") inDoubt(error);
}

/** Nobody has seen it gone, and nobody that it is still there. */
function inDoubt(error: unknown): never {
  const { message } = error as Error;
  const wait = error instanceof StepDelayed ? error.retryAfterSeconds : 0;
  throw new StepDelayed(`${NOT_READ_BACK}: ${message}`, wait, { cause: error });
}

/** Others may then be told how to remove it. */
function heldByNobodyElse(error: unknown): never {
  const { message } = error as Error;
  const wait = error instanceof StepDelayed ? error.retryAfterSeconds : 0;
  throw new StepDelayed(`${HELD_BY_NOBODY_ELSE} ${message}`, wait, { cause: error });
}
