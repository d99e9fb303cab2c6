import { z } from "zod";
import { type Grant, roleAssignmentId } from "./grant.ts";
import { type LedgerEntry, unexpired } from "./lease.ts";
import { stagingGroupLeft } from "./leftover.ts";
import type { Attempt } from "./plan.ts";
import type { Leftover } from "./receipt.ts";
import { sameId } from "./resourceId.ts";
import { isOurs, type RoleAssignment } from "./roleAssignment.ts";

/** Hours for which the template of a dead build waits for Azure to tell of its log and image. */
const HOURS_TO_ASK = 6;

/** What a sweep has seen in Azure, in the ledger and in the engine. Times are ISO 8601, on Azure's clock. */
export interface Observation {
  now: string;
  leases: LedgerEntry[];
  /** All of the builders, at, above and below the scopes of the catalogue and of the ledger. */
  assignments: RoleAssignment[];
  /** Templates that look like ours, with the attempt that the ledger has of them; without one they are not ours. */
  templates: { id: string; buildId: string; attempt?: Attempt }[];
  /** Resource groups that look like our staging groups, likewise. */
  stagingGroups: { id: string; buildId: string; attempt?: Attempt }[];
  /** Builds in the queue. */
  queued: string[];
  /** Builds that were asked for and have no receipt yet. */
  open: string[];
  /** Of all builds named above, those that are under way. */
  live: string[];
}

/** When something was first seen to be nobody's, by what it is. What cannot be read marks nothing. */
export const Marks = z.record(z.string(), z.iso.datetime()).catch({});
export type Marks = z.infer<typeof Marks>;

/** Something that a sweep does. `id` is what it does it to. */
export type SweepAct =
  | { kind: "release grant"; id: string; grant: Grant; dead: string[]; seen: boolean }
  /** @param hasTime for what only the template tells to be read again, where Azure does not tell it now. */
  | { kind: "remove template"; id: string; buildId: string; attempt: Attempt; hasTime: boolean }
  /** A build that is in the queue and dead. */
  | { kind: "give turn back"; id: string }
  /** A dead build of which nothing is left any more that can be removed: it gets its receipt. */
  | { kind: "close build"; id: string; leftovers: Leftover[] };

/** What a sweep is going to do, and what it only tells of. */
export interface SweepPlan {
  now: string;
  acts: SweepAct[];
  /** What is nobody's, since when: it is removed once the grace period is over. */
  marks: Marks;
  /** What only a person may remove, with the command. */
  orphans: Leftover[];
  /** What looks like ours or gives the same access, and is not proven to be ours: never touched. */
  foreign: string[];
}

/**
 * Decides what to remove: at once what has outlived its time, after a grace period what nobody holds. Nothing that is
 * not proven ours, and never a resource group.
 */
export function planSweep(
  seen: Observation,
  before: Marks,
  { graceMinutes, servicePrincipals }: { graceMinutes: number; servicePrincipals: readonly string[] },
): SweepPlan {
  const marks: Marks = {};
  const ageOf = (key: string): number => Date.parse(seen.now) - Date.parse(before[key] ?? seen.now);
  /** Marks what is nobody's. @returns whether it has been so for long enough. */
  const isRipe = (key: string): boolean => {
    marks[key] = before[key] ?? seen.now;
    return ageOf(key) >= graceMinutes * 60_000;
  };
  const isDead = (buildId: string): boolean => !seen.live.includes(buildId);

  const ours = new Set<string>();
  const grants = seen.leases.flatMap((lease): SweepAct[] => {
    const { grant, holders } = lease;
    const assignment = seen.assignments.find((one) => isOurs(one, grant, { inLedger: true, servicePrincipals }));
    if (assignment) ours.add(assignment.id);
    const overdue = unexpired(holders, new Date(seen.now)).length < holders.length;
    const dead = holders.map(({ buildId }) => buildId).filter((id) => isDead(id) && isRipe(`${grant.name} ${id}`));
    const unheld = holders.length === 0 && (assignment !== undefined || lease.assignment !== "absent");
    if (!overdue && dead.length === 0 && !(unheld && isRipe(grant.name))) return [];
    return [{ kind: "release grant", id: roleAssignmentId(grant), grant, dead, seen: assignment !== undefined }];
  });

  const templates = seen.templates.flatMap(({ id, buildId, attempt }): SweepAct[] =>
    attempt && isDead(buildId) && isRipe(id)
      ? [{ kind: "remove template", id, buildId, attempt, hasTime: ageOf(id) < HOURS_TO_ASK * 3_600_000 }]
      : [],
  );
  const orphaned = seen.stagingGroups.flatMap(({ id, buildId, attempt }) => {
    const hasTemplate = seen.templates.some((template) => template.buildId === buildId);
    if (!attempt || hasTemplate || !isDead(buildId) || !isRipe(id)) return [];
    return [{ buildId, left: stagingGroupLeft(attempt, "Its template is gone, and no build of ours holds it.") }];
  });
  const turns = seen.queued
    .filter((id) => isDead(id) && isRipe(`turn ${id}`))
    .map((id): SweepAct => ({ kind: "give turn back", id }));
  const holding = new Set([
    ...seen.leases.flatMap(({ holders }) => holders.map(({ buildId }) => buildId)),
    ...seen.templates.filter(({ attempt }) => attempt).map(({ buildId }) => buildId),
    ...seen.queued,
  ]);
  const closed = seen.open
    .filter((id) => isDead(id) && isRipe(`build ${id}`) && !holding.has(id))
    .map((id): SweepAct => {
      const leftovers = orphaned.filter(({ buildId }) => buildId === id).map(({ left }) => left);
      return { kind: "close build", id, leftovers };
    });

  return {
    now: seen.now,
    acts: [...grants, ...templates, ...turns, ...closed],
    marks,
    orphans: orphaned.map(({ left }) => left),
    foreign: [
      ...seen.assignments.filter(({ id }) => !ours.has(id)).map(({ id }) => id),
      ...[...seen.templates, ...seen.stagingGroups].filter(({ attempt }) => !attempt).map(({ id }) => id),
    ],
  };
}

/** Whether there is nothing to do and nothing to tell of. */
export function isQuiet({ acts, orphans, marks }: SweepPlan): boolean {
  return acts.length + orphans.length + Object.keys(marks).length === 0;
}

/** What a sweep did and found, kept for people. */
export interface SweepReport extends Omit<SweepPlan, "acts"> {
  id: string;
  dryRun: boolean;
  /** What was done, or in a dry run would be, and how it went. */
  done: { what: SweepAct["kind"]; id: string; result: string }[];
}

/** An attempt of a build, as its plan has it: proof that a name is ours. */
export function attemptNamed(attempts: readonly Attempt[], name: string): Attempt | undefined {
  return attempts.find(
    ({ templateName, stagingResourceGroup }) =>
      sameId(templateName, name) || sameId(stagingResourceGroup.split("/").at(-1) ?? "", name),
  );
}
