import { WAITING, WAITING_FOR_APPROVAL } from "../domain/buildView.ts";
import type { Receipt } from "../domain/receipt.ts";

/** A phase of a build, from when it first came to it until it last left it: milliseconds since 1970. */
export interface PhaseTime extends Visit {
  /** The phase that it is a part of. */
  within?: string;
  /** Each time that the build was at it. */
  visits?: Visit[];
}

interface Visit {
  phase: string;
  start: number;
  end: number;
}

const RUNNING = "running";

/** What of a build that nobody remembers could have been going on. */
export const UNKNOWN_PHASES = [
  "planning",
  "checking the ground",
  WAITING_FOR_APPROVAL,
  WAITING,
  "keeping scripts",
  "importing",
  "granting",
  "creating the template",
  RUNNING,
  "cleaning up",
  "publishing",
];

/** The times that a build was at something, one after another without a gap; undefined where nobody remembers. */
export function visitsOf({ phases, endedAt }: Receipt): Visit[] | undefined {
  return phases?.map(({ at, phase }, index) => {
    const start = Date.parse(at);
    return { phase, start, end: Math.max(start, Date.parse(phases[index + 1]?.at ?? endedAt)) };
  });
}

/** Each phase once, however often the build came to it; those of image builder's run are a part of it. */
export function phasesOf(receipt: Receipt): PhaseTime[] | undefined {
  const visits = visitsOf(receipt);
  if (!visits) return undefined;
  const found = new Map<string, PhaseTime>();
  const add = (visit: Visit, within?: string) => {
    const { start, visits: before = [] }: PhaseTime = found.get(visit.phase) ?? visit;
    found.set(visit.phase, { ...visit, start, visits: [...before, visit], ...(within ? { within } : {}) });
  };
  for (const visit of visits) {
    const isPart = visit.phase.startsWith(`${RUNNING}: `);
    add(visit, isPart ? RUNNING : undefined);
    const running = found.get(RUNNING);
    if (isPart && running) found.set(RUNNING, { ...running, end: visit.end });
  }
  return [...found.values()];
}

/** Names of instances that do something on a build's behalf, behind its id, and what the build is at meanwhile. */
const PHASE_OF_INSTANCE: readonly [RegExp, string][] = [
  [/^plan$/, "planning"],
  [/^ground$/, "checking the ground"],
  [/^approval$/, WAITING_FOR_APPROVAL],
  [/^turn$/, WAITING],
  [/^scripts$/, "keeping scripts"],
  [/^import$/, "importing"],
  [/^grant-\d+$/, "granting"],
  [/^template-\d+$/, "creating the template"],
  [/^wait-\d+$/, RUNNING],
  [/^publish-\d+$/, "publishing"],
  [/^(?:remove|end)-/, "cleaning up"],
];

/** The same of steps that the build's own instance takes, or one without a name that goes on with them. */
const PHASE_OF_STEP: Readonly<Record<string, string>> = {
  planBuild: "planning",
  checkGround: "checking the ground",
  "turns.ask": WAITING,
  keepScripts: "keeping scripts",
  "lease.join": "granting",
  startRun: RUNNING,
  archiveLogs: "cleaning up",
  "lease.leave": "cleaning up",
  "turns.giveBack": "cleaning up",
};

/**
 * The phase that a step of a build belongs to; undefined where it could be one or another: such steps belong to the
 * build as a whole. What is undone before another attempt is clean-up, too.
 *
 * @param instance what its instance is called, behind the build's id.
 */
export function phaseOfStep(name: string, instance: string): string | undefined {
  return PHASE_OF_INSTANCE.find(([pattern]) => pattern.test(instance))?.[1] ?? PHASE_OF_STEP[name];
}
