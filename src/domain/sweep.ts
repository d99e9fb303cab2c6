import * as z from "zod";
import { component } from "./component.ts";
import { type Grant, outlastsTemplate } from "./grant.ts";
import { imageLeft } from "./importedImage.ts";
import type { LedgerEntry } from "./lease.ts";
import { grantLeft, NOT_READ_BACK, stagingGroupLeft, templateLeftAs } from "./leftover.ts";
import type { Named, Observation, Unseen } from "./observation.ts";
import type { Attempt } from "./plan.ts";
import type { Leftover } from "./receipt.ts";
import { sameId } from "./resourceId.ts";
import { isOurs } from "./roleAssignment.ts";
import { overdueActs, release, releases, releaseTry, type SweepAct, SweepDoing, triesOf } from "./sweepAct.ts";
import { type Marks, marking } from "./sweepMarks.ts";

/** Hours for which the template of a dead build waits for Azure to tell of its log and image. */
const HOURS_TO_ASK = 6;
/** Hours after which a dead build is closed with what could not be removed; as long as a build itself tries. */
const HOURS_TO_TRY = 48;
/** Sweeps in which something was due and stayed, after which the operators are told. */
const SWEEPS_UNTIL_ALARM = 3;
/** What a sweep is going to do, and what it only tells of. */
export interface SweepPlan {
  now: string;
  acts: SweepAct[];
  /** What is nobody's, since when, and what has been tried: for the next sweep. */
  marks: Marks;
  /** What only a person may remove, with the command. */
  orphans: Leftover[];
  /** What looks like ours or gives the same access, and is not proven to be ours: never touched. */
  foreign: string[];
  unseen: Unseen[];
  /** What was due in several sweeps and is still there. */
  stuck: Stuck[];
}

export const Stuck = component(
  "Stuck",
  z.strictObject({
    what: SweepDoing,
    id: z.string(),
    sweeps: z.int().describe("In how many sweeps it has been due."),
    last: z.string().optional().describe("How it went last."),
    code: z.string().optional().describe("The same without Azure's words."),
  }),
);
export type Stuck = z.infer<typeof Stuck>;

/**
 * Decides what to remove after a grace period, since nobody holds it. Nothing that is not proven ours, and never a
 * resource group. What is beyond its time is not decided here, but counted: `overdueActs` needs no look at Azure.
 */
export function planSweep(
  seen: Observation,
  before: Marks,
  { graceMinutes, servicePrincipals }: { graceMinutes: number; servicePrincipals: readonly string[] },
): SweepPlan {
  const marks = marking(seen.now, before.since, graceMinutes);
  const isUnseen = (what: Unseen["what"], id?: string) =>
    seen.unseen.some((one) => one.what === what && (id === undefined || sameId(one.id, id)));

  /** Dead for long enough. The mark is the build's: what turns up of it later is removed without another grace. */
  const over = new Set(
    buildsIn(seen).filter((buildId) => !seen.live.includes(buildId) && marks.isRipe(`build ${buildId}`)),
  );

  for (const { what, id } of seen.unseen) {
    if (what === "instance") marks.keep(`build ${id}`);
    if (what === "templates" || what === "staging groups" || what === "images") marks.keepIds();
  }

  /** Staging groups that Azure does not take away together with their template: their time begins when that is gone. */
  const orphaned = seen.stagingGroups.flatMap(({ id, buildId, attempt }) => {
    const goesByItself = isUnseen("templates") || seen.templates.some((template) => template.buildId === buildId);
    if (!attempt || goesByItself || !over.has(buildId) || !marks.isRipe(id)) return [];
    return [{ buildId, left: stagingGroupLeft(attempt, "Its template is gone, and no build of ours holds it.") }];
  });
  const isListed = ({ id }: Named) => orphaned.some(({ left }) => sameId(left.id, id));
  /** What image builder still takes away, or may. */
  const goes = [...seen.templates, ...seen.stagingGroups.filter((group) => !isListed(group))].filter(
    ({ attempt }) => attempt,
  );
  /** Image builder needs the network until all is gone. What is beyond its time goes all the same, as overdue. */
  const mayLose = (grant: Grant, buildId: string) =>
    !outlastsTemplate(grant) ||
    !(isUnseen("templates") || isUnseen("staging groups") || goes.some((one) => one.buildId === buildId));

  const ours = new Set<string>();
  const grants = seen.leases.flatMap((lease): SweepAct[] => {
    const { grant, holders } = lease;
    const assignment = seen.assignments.find((one) => isOurs(one, grant, { inLedger: true, servicePrincipals }));
    if (assignment) ours.add(assignment.id);
    if (isUnseen("assignments", grant.scope)) {
      if (holders.length === 0) marks.keep(grant.name);
      return [];
    }
    const isThere = assignment !== undefined || lease.assignment !== "absent";
    if (holders.length === 0) return isThere && marks.isRipe(grant.name) ? [release(grant, [], !!assignment)] : [];
    const dead = holders.filter(({ buildId }) => over.has(buildId) && mayLose(grant, buildId));
    return releases(grant, dead, assignment !== undefined);
  });

  const templates = seen.templates.flatMap(({ id, buildId, attempt }): SweepAct[] =>
    attempt && over.has(buildId)
      ? [{ kind: "remove template", id, buildId, attempt, hasTime: marks.hoursOf(`build ${buildId}`) < HOURS_TO_ASK }]
      : [],
  );
  /** Not before the templates that could be run from them. */
  const images = seen.images.flatMap(({ id, buildId, image }): SweepAct[] => {
    const isNeeded = isUnseen("templates") || seen.templates.some((one) => one.attempt && one.buildId === buildId);
    return image && over.has(buildId) && !isNeeded ? [{ kind: "remove image", id, buildId, image }] : [];
  });
  const asking = seen.asking.filter(({ buildId }) => over.has(buildId));
  const turns = seen.queued.filter((id) => over.has(id));

  const holding = new Set([
    ...seen.leases.flatMap(({ holders }) => holders.map(({ buildId }) => buildId)),
    ...goes.map(({ buildId }) => buildId),
    ...seen.images.flatMap(({ buildId, image }) => (image ? [buildId] : [])),
    ...seen.asking.map(({ buildId }) => buildId),
    ...seen.queued,
  ]);
  const closed = seen.open.flatMap((id): SweepAct[] => {
    if (!over.has(id) || isUnseen("templates") || isUnseen("images") || isUnseen("staging groups")) return [];
    const isGivenUp = marks.hoursOf(`build ${id}`) >= HOURS_TO_TRY;
    if (holding.has(id) && !isGivenUp) return [];
    const listed = orphaned.filter(({ buildId }) => buildId === id).map(({ left }) => left);
    return [{ kind: "close build", id, leftovers: isGivenUp ? everythingOf(id, seen, before) : listed }];
  });

  const acts: SweepAct[] = [
    ...asking.map(({ instanceId }) => ({ kind: "stop asking", id: instanceId }) as const),
    ...grants,
    ...templates,
    ...images,
    ...turns.map((id) => ({ kind: "give turn back", id }) as const),
    ...closed,
  ];
  const due = [...overdueActs(seen.leases, seen.now), ...acts];
  return {
    now: seen.now,
    acts,
    marks: { since: marks.since, tries: triedAgain(due, before) },
    orphans: orphaned.map(({ left }) => left),
    foreign: [
      ...seen.assignments.filter(({ id }) => !ours.has(id)).map(({ id }) => id),
      ...[...seen.templates, ...seen.stagingGroups].filter(({ attempt }) => !attempt).map(({ id }) => id),
      ...seen.images.filter(({ image }) => !image).map(({ id }) => id),
    ],
    unseen: seen.unseen,
    stuck: stuckOf(due, before),
  };
}

/** Builds of which there is anything that could be ours to remove or to close. */
function buildsIn({ leases, templates, stagingGroups, images, queued, open }: Observation): string[] {
  return [
    ...new Set([
      ...leases.flatMap(({ holders }) => holders.map(({ buildId }) => buildId)),
      ...[...templates, ...stagingGroups].filter(({ attempt }) => attempt).map(({ buildId }) => buildId),
      ...images.filter(({ image }) => image).map(({ buildId }) => buildId),
      ...queued,
      ...open,
    ]),
  ];
}

/** All that there still is of a build that the sweeper gives up, for its receipt. */
function everythingOf(buildId: string, seen: Observation, { tries }: Marks): Leftover[] {
  const why = (key: string) => {
    const { last } = tries[key] ?? {};
    return `The sweeper could not remove it in ${HOURS_TO_TRY} hours${last ? `: ${last}` : "."}`;
  };
  const isHeld = ({ holders }: LedgerEntry) => holders.some((holder) => holder.buildId === buildId);
  return [
    ...seen.leases.filter(isHeld).map(({ grant, holders }) => {
      const unseen = seen.unseen.find(({ what, id }) => what === "assignments" && sameId(id, grant.scope));
      const reason = unseen ? `${NOT_READ_BACK}: ${unseen.error}` : why(releaseTry(grant, buildId));
      return grantLeft(grant, reason, holders.length > 1);
    }),
    ...seen.templates.flatMap(({ id, buildId: one, attempt }) =>
      attempt && one === buildId ? [templateLeftAs(id, why(`remove template ${id}`))] : [],
    ),
    ...seen.images.flatMap(({ id, buildId: one, image }) =>
      image && one === buildId ? [imageLeft(id, why(`remove image ${id}`), true)] : [],
    ),
    ...seen.stagingGroups.flatMap(({ buildId: one, attempt }) =>
      attempt && one === buildId ? [stagingGroupLeft(attempt, why(""))] : [],
    ),
  ];
}

function triedAgain(due: readonly SweepAct[], { tries }: Marks): Marks["tries"] {
  const keys = due.flatMap(triesOf);
  return Object.fromEntries(keys.map((key) => [key, { ...tries[key], sweeps: (tries[key]?.sweeps ?? 0) + 1 }]));
}

function stuckOf(due: readonly SweepAct[], { tries }: Marks): Stuck[] {
  const stuck = new Map<string, Stuck>();
  for (const act of due) {
    const tried = triesOf(act).map((key) => tries[key] ?? { sweeps: 0 });
    const longest = tried.toSorted((one, other) => other.sweeps - one.sweeps)[0] ?? { sweeps: 0 };
    if (longest.sweeps >= SWEEPS_UNTIL_ALARM) stuck.set(act.id, { what: act.kind, id: act.id, ...longest });
  }
  return [...stuck.values()];
}

/** An attempt of a build, as its plan has it: proof that a name is ours. */
export function attemptNamed(attempts: readonly Attempt[], name: string): Attempt | undefined {
  return attempts.find(
    ({ templateName, stagingResourceGroup }) =>
      sameId(templateName, name) || sameId(stagingResourceGroup.split("/").at(-1) ?? "", name),
  );
}
