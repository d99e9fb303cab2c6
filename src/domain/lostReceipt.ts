import { advise } from "./advice.ts";
import { askedAtOf } from "./buildId.ts";
import { effectiveBy, type Grant } from "./grant.ts";
import type { Holder, LedgerEntry, Left } from "./lease.ts";
import {
  type ArchivedLog,
  type GrantEnd,
  type GrantRecord,
  isWholeLog,
  type Leftover,
  type Receipt,
  requestedOf,
} from "./receipt.ts";

/** What has been found of a build that is dead, or may be soon; undefined where nobody told. */
export interface Orphan {
  log?: ArchivedLog | undefined;
  imageVersions?: string[] | undefined;
  grants?: GrantRecord[] | undefined;
}

/** What the archive knows of a build whose instance is gone. */
export interface LostBuild {
  buildId: string;
  image: string;
  /** Undefined where no door has kept it. */
  request: Parameters<typeof requestedOf>[0] | undefined;
  /** As a plan has it. */
  source: string | undefined;
  templateHash: string | undefined;
  parameters: Receipt["parameters"] | undefined;
  /** Whether a run was ever asked for. */
  hadRun: boolean;
  found: Orphan;
}

/** The receipt of a build whose instance is gone, as far as the sweeper can tell after it has cleaned up. */
export function lostReceipt(build: LostBuild, leftovers: Leftover[], at: Date): Receipt {
  const { buildId, image, request, source, templateHash, parameters, hadRun, found } = build;
  const { log, imageVersions = [], grants = [] } = found;
  const endedAt = at.toISOString();
  const failure = advise("build-lost", "The build's instance ended before the build did.");
  const none = "The sweeper found no template that could have had one.";
  return {
    schemaVersion: 1,
    buildId,
    image,
    requested: request ? requestedOf(request) : { door: "unknown" },
    startedAt: askedAtOf(buildId) ?? endedAt,
    endedAt,
    outcome: { kind: "failed", failure, ...(imageVersions.length > 0 ? { imageVersions } : {}) },
    cleanUp: leftovers.length > 0 ? { kind: "leftovers", leftovers } : { kind: "clean" },
    grants,
    log: hadRun ? (log ?? { kind: "lost", why: none }) : { kind: "none" },
    timeline: [{ at: endedAt, event: "swept", detail: "the sweeper removed what the build had left" }],
    ...(source ? { source: { id: source } } : {}),
    ...(templateHash ? { templateHash } : {}),
    ...(parameters ? { parameters } : {}),
  };
}

/** Whether the sweeper has written the receipt, which then tells less than the build's own. */
export function isLostReceipt({ outcome }: Receipt): boolean {
  return outcome.kind === "failed" && outcome.failure.code === "build-lost";
}

/**
 * What was noted of a dead build before, with what is known now as well. Nothing is unlearnt: a second sweep that is
 * under way finds nothing any more of what the first has noted and deleted.
 */
export function noted(before: Orphan, now: Orphan): Orphan {
  const grants = new Map(before.grants?.map((grant) => [grant.name, grant]));
  for (const grant of now.grants ?? []) {
    const earlier = grants.get(grant.name);
    // It was let go once; what becomes of it later is others' doing.
    if (earlier?.releasedAt) continue;
    // The build itself knows better than the ledger when it asked.
    grants.set(grant.name, { ...earlier, ...grant, askedAt: earlier?.askedAt ?? grant.askedAt });
  }
  return {
    log: before.log?.kind === "archived" && !isWholeLog(now.log) ? before.log : (now.log ?? before.log),
    imageVersions: before.imageVersions?.length ? before.imageVersions : (now.imageVersions ?? before.imageVersions),
    grants: [...grants.values()],
  };
}

/**
 * A dead build's grant as the ledger has it.
 *
 * @param grantSeconds how long the plan lets it be held; undefined where there is no plan to read.
 * @param ended when it was taken from the build, and what became of it; undefined before.
 */
export function grantOfHolder(
  { role, scope, name }: Grant,
  { buildId, until }: Holder,
  grantSeconds: number | undefined,
  ended?: { at: string; left: Left },
): GrantRecord {
  const asked =
    grantSeconds === undefined ? askedAtOf(buildId) : new Date(Date.parse(until) - grantSeconds * 1000).toISOString();
  const end = ended && { ...endOf(ended), takenBy: "sweeper" as const };
  return { role, scope, name, askedAt: asked ?? until, until, ...end };
}

/** How the sweeper ended a grant of a build that may go on; undefined where it has not. */
export function takenIn({ grants = [] }: Orphan, { name }: Grant): GrantEnd | undefined {
  const noted = grants.find((grant) => grant.name === name);
  if (!noted?.takenBy) return undefined;
  const { releasedAt, takenBy, heldByOthers, removedAt, effectiveBy } = noted;
  return {
    takenBy,
    ...(releasedAt && { releasedAt }),
    ...(heldByOthers && { heldByOthers }),
    ...(removedAt && { removedAt }),
    ...(effectiveBy && { effectiveBy }),
  };
}

/**
 * A noted grant of which nobody could say any more that the build had let it go: as the ledger has it now.
 *
 * @param at now, ISO 8601: by then at the latest.
 */
export function asInLedger(
  grant: GrantRecord,
  buildId: string,
  entry: LedgerEntry | undefined,
  at: string,
): GrantRecord {
  const isHeld = entry?.holders.some((holder) => holder.buildId === buildId);
  if (grant.releasedAt || !entry || isHeld) return grant;
  const { holders, assignment, readBackAt } = entry;
  if (holders.length > 0) return { ...grant, ...endOf({ at, left: { kind: "stays", holders: holders.length } }) };
  const left: Left = { kind: "absent", ...(readBackAt && { readBackAt }) };
  return assignment === "absent" ? { ...grant, ...endOf({ at, left }) } : grant;
}

/** @param at when the build let go, or was made to, ISO 8601. */
export function endOf({ at, left }: { at: string; left: Left }): GrantEnd {
  if (left.kind === "stays") return { releasedAt: at, heldByOthers: left.holders };
  if (left.kind === "foreign") return { releasedAt: at };
  const { readBackAt } = left;
  return { releasedAt: at, ...(readBackAt && { removedAt: readBackAt, effectiveBy: effectiveBy(readBackAt) }) };
}
