import * as z from "zod";
import type { Archive } from "../azure/archive.ts";
import { readDecision, readScheduleState } from "../azure/scheduleStates.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { problem } from "../domain/problem.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import type { Decision } from "../domain/schedule/decision.ts";
import { stampOf } from "../domain/schedule/occurrences.ts";
import { ScheduleView, scheduleView } from "../domain/schedule/view.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { recipeAsked } from "./recipeAsked.ts";

/** Decisions that one answer tells. */
const MOST_DECISIONS = 50;

const STAMP_LENGTH = stampOf(new Date(0)).length;

/** When an image is built next by itself, and what was decided of it before. */
export function getSchedule(catalogue: AskCatalogue, archive: Archive) {
  return door({
    name: "getSchedule",
    method: "GET",
    route: "images/{image}/schedule",
    summary: "When an image is built next by itself, and what was decided before",
    role: "Reader",
    answers: { 200: { description: "The schedule, its next occurrences and its last decisions.", body: ScheduleView } },
    refuses: { 404: ["image-unknown", "schedule-unknown"], 409: ["recipe-broken"] },
    query: z.strictObject({ before: z.iso.datetime({ error: "takes a time in ISO 8601, in UTC" }).exactOptional() }),
    async handle({ param, query, context }) {
      const { name: image, schedule } = recipeAsked(await askCatalogue(catalogue, context), param("image"));
      if (!schedule) throw new Refused(problem(404, "schedule-unknown", `The recipe of ${image} has no schedule.`));
      const state = await readScheduleState(archive, image);
      const prefix = archiveNames.decisions(image);
      const end = query.before === undefined ? undefined : prefix + stampOf(new Date(query.before));
      const names = (await archive.names(prefix)).filter((name) => end === undefined || name < end).toSorted();
      // An occurrence is told with all that it was tried again: by its time the next answer goes on.
      const first = names.at(-MOST_DECISIONS)?.slice(0, prefix.length + STAMP_LENGTH) ?? prefix;
      const last = names.filter((name) => name >= first);
      const found = await Promise.all(last.map((name) => readDecision(archive, name)));
      const decisions = found.flatMap(({ decision }) => decision ?? []).toSorted(newestFirst);
      return answer(200, scheduleView({ image, schedule }, state, decisions, new Date()));
    },
  });
}

function newestFirst(one: Decision, other: Decision): number {
  return Date.parse(other.due) - Date.parse(one.due) || (other.retry ?? 0) - (one.retry ?? 0);
}
