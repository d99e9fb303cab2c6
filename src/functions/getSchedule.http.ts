import { z } from "zod";
import type { Archive } from "../azure/archive.ts";
import { readDecision, readScheduleState } from "../azure/scheduleStates.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { problem } from "../domain/problem.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { stampOf } from "../domain/schedule/occurrences.ts";
import { ScheduleView, scheduleView } from "../domain/schedule/view.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { recipeAsked } from "./recipeAsked.ts";

/** Decisions that one answer tells. */
const MOST_DECISIONS = 50;

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
      const last = names.slice(-MOST_DECISIONS).toReversed();
      const found = await Promise.all(last.map((name) => readDecision(archive, name)));
      const decisions = found.flatMap(({ decision }) => decision ?? []);
      return answer(200, scheduleView({ image, schedule }, state, decisions, new Date()));
    },
  });
}
