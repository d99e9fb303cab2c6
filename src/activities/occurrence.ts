import type { Archive } from "../azure/archive.ts";
import type { Clients } from "../azure/clients.ts";
import { observeSource } from "../azure/observedSource.ts";
import { changeScheduleState, decideOnce, readScheduleState } from "../azure/scheduleStates.ts";
import { noteNewest } from "../azure/sourceRecords.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { scheduledBuildId } from "../domain/buildId.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { toldOf } from "../domain/callbacks/notify.ts";
import { StepDelayed, StepFailed } from "../domain/failure.ts";
import type { WholePlan } from "../domain/plan.ts";
import { valueOf } from "../domain/preflight/observed.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import type { Schedule } from "../domain/recipes/schedule.ts";
import {
  coolUntil,
  type Decision,
  decideAtOnce,
  decideByLook,
  decideToStart,
  type Moment,
  needsLook,
  type Verdict,
} from "../domain/schedule/decision.ts";
import { stampOf } from "../domain/schedule/occurrences.ts";
import { sourceVersionOf } from "../domain/schedule/sourceVersion.ts";
import { type ScheduleState, type SourceVersion } from "../domain/schedule/state.ts";
import { decidedOn, meansLatest, type Source } from "../domain/source.ts";
import type { Engine } from "../durable/activities.ts";
import type { Settings } from "../settings.ts";
import type { planner } from "./plan.ts";

export type OccurrenceActivities = ReturnType<typeof occurrenceActivities>;

export interface OccurrenceParts {
  clients: Pick<Clients, "reader">;
  settings: Settings;
  catalogue: AskCatalogue;
  archive: Archive;
  makePlan: ReturnType<typeof planner>;
  /** Starts a build; one that is known already is left alone. */
  requestBuild: (archive: Archive, client: Engine["client"], request: BuildRequest) => Promise<unknown>;
}

/** An occurrence that has begun. @see DueOccurrence */
interface Begun {
  image: string;
  due: string;
  by: Moment["by"];
  retry: number;
  startAt: string;
  /** A timer may be a second early. */
  wokeAt: string;
}

/** The steps of an occurrence of a schedule. */
export function occurrenceActivities(parts: OccurrenceParts) {
  const { clients, settings, catalogue, archive, makePlan, requestBuild } = parts;

  return {
    /** Decides an occurrence, once: delivered again, or asked of two hosts, it answers what was decided. */
    async decideOccurrence({ image, due, by, retry, startAt, wokeAt }: Begun): Promise<Decision> {
      const at = new Date(Math.max(Date.parse(startAt), Date.parse(wokeAt)));
      const moment: Moment = { image, due: new Date(due), by, retry, at };
      const name = archiveNames.decision(image, stampOf(moment.due), retry);
      return decideOnce(archive, name, async () => {
        const { verdict, source } = await decide(moment);
        return {
          ...verdict,
          due: moment.due.toISOString(),
          decidedAt: at.toISOString(),
          ...(retry > 0 ? { retry } : {}),
          ...(verdict.kind === "started" ? { buildId: buildIdOf(moment) } : {}),
          ...(source ? { source } : {}),
        };
      });
    },

    /** Does what was decided; to do it twice is the same as to do it once. */
    async carryOutDecision(
      { image, decision }: { image: string; decision: Decision },
      { client }: Engine,
    ): Promise<void> {
      const { buildId, due, source } = decision;
      const recipe = (await catalogue()).recipes.get(image);
      if (buildId !== undefined) {
        const told = { ...toldOf(recipe?.notify), ...decidedOn(source?.version) };
        await requestBuild(archive, client, { ...told, buildId, image, door: "schedule" });
      }
      const pauseAfter = recipe?.schedule?.pauseAfter;
      await changeScheduleState(archive, image, ({ retry: next, ...state }) => ({
        ...state,
        ...retryAfter(next, decision),
        ...(pauseAfter === undefined ? {} : { pauseAfter }),
        ...(buildId !== undefined && !state.noted.includes(buildId) ? { running: { buildId, due } } : {}),
      }));
    },
  };

  async function decide(moment: Moment): Promise<{ verdict: Verdict; source?: SourceVersion | undefined }> {
    const { recipes, broken } = await catalogue();
    const schedule = recipes.get(moment.image)?.schedule;
    if (!schedule) return { verdict: broken.has(moment.image) ? BROKEN : NOT_SCHEDULED };
    const state = await readScheduleState(archive, moment.image);
    const verdict = decideAtOnce(schedule, state, moment);
    if (verdict) return { verdict };
    if (!needsLook(schedule)) return { verdict: decideToStart(schedule, state, moment) };
    return decideLooking(schedule, state, moment);
  }

  async function decideLooking(schedule: Schedule, state: ScheduleState, moment: Moment) {
    const plan = await planOf(moment);
    if (!plan) return { verdict: UNPLANNED };
    const { source: begins } = plan.template;
    const source = await readSource(plan);
    const at = moment.at.toISOString();
    const seenAt = source && (await seenSince(schedule, begins, plan.location, source, at));
    const verdict = decideByLook(schedule, state, moment, {
      source,
      templateHash: plan.templateHash,
      coolUntil: source && coolUntil(schedule, begins, source, seenAt ?? at),
    });
    return { verdict, source };
  }

  /** The marketplace does not tell when a version came out: whoever looks for a cool-down takes note of what there is. */
  async function seenSince(
    { coolDown }: Schedule,
    source: Source,
    location: string,
    { version, publishedAt }: SourceVersion,
    at: string,
  ): Promise<string> {
    if (coolDown === undefined || publishedAt !== undefined || !meansLatest(source)) return at;
    return noteNewest(archive, source, location, { version, at });
  }

  /** @returns undefined where the recipe cannot be planned: the build's receipt tells why. */
  async function planOf(moment: Moment): Promise<WholePlan | undefined> {
    try {
      return await makePlan({ buildId: buildIdOf(moment), image: moment.image, door: "schedule" });
    } catch (error) {
      if (error instanceof StepFailed) return undefined;
      throw error;
    }
  }

  /** @throws StepDelayed where Azure may tell in a while. */
  async function readSource(plan: WholePlan): Promise<SourceVersion | undefined> {
    if (plan.importedImage) return sourceVersionOf(undefined, plan);
    const seen = await observeSource(clients.reader, settings.subscriptionId, plan.location, plan.template.source);
    if (seen.kind === "unreadable" && seen.isPassing) throw new StepDelayed(`${seen.code}: ${seen.message}`, 0);
    return sourceVersionOf(valueOf(seen), plan);
  }

  function buildIdOf({ image, due, retry }: Moment): string {
    return scheduledBuildId(image, due, settings.installationId, retry);
  }
}

/** What is still to be tried again once that has been decided: nothing, or later where it was put off. */
function retryAfter(next: ScheduleState["retry"], decision: Decision): Pick<ScheduleState, "retry"> {
  if (!next) return {};
  const isMeant = next.due === decision.due && next.number === decision.retry;
  if (!isMeant) return { retry: next };
  return decision.kind === "postponed" ? { retry: { ...next, at: decision.until ?? next.at } } : {};
}

const BROKEN: Verdict = {
  kind: "postponed",
  why: "recipe-broken",
  detail: "The recipe is broken: GET /api/images/{image} tells what is wrong. It is looked at again when it is mended.",
};
const NOT_SCHEDULED: Verdict = {
  kind: "skipped",
  why: "not-scheduled",
  detail: "The recipe has gone, or has no schedule any more.",
};
const UNPLANNED: Verdict = {
  kind: "started",
  why: "changed",
  detail: "No plan can be made of the recipe as it is now: the build's receipt tells why.",
};
