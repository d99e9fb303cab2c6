import * as df from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import { changeImageHistory, readImageHistory } from "../azure/imageHistories.ts";
import { newBuildId } from "../domain/buildId.ts";
import type { Recipe } from "../domain/recipe.ts";
import { dueOccurrence } from "../domain/schedule.ts";
import { requestBuild } from "./requestBuild.ts";

/** Starts every recipe whose schedule is due; one that must wait for its turn is due at the next tick again. */
export function registerNightlyBuilds(recipes: ReadonlyMap<string, Recipe>, archive: Archive): void {
  df.app.client.timer("nightlyBuilds", {
    schedule: "0 */5 * * * *",
    handler: async (_, client, context) => {
      for (const { name: image, schedule } of recipes.values()) {
        if (!schedule) continue;
        const now = new Date();
        const { scheduleDecidedUntil } = await readImageHistory(archive, image);
        // An image that the schedule has never looked at is not due for the past.
        const due = dueOccurrence(schedule, new Date(scheduleDecidedUntil ?? now), now);
        if (due) {
          // The id follows from the occurrence, so that the same one never starts twice.
          const buildId = newBuildId(image, due, [0, 0, 0, 0]);
          const requested = await requestBuild(archive, client, { buildId, image, door: "schedule" });
          context.log(`The build ${buildId}, due at ${due.toISOString()}: ${requested.kind}.`);
          if (requested.kind === "busy") continue;
        }
        if (due || !scheduleDecidedUntil) {
          await changeImageHistory(archive, image, (history) => ({
            ...history,
            scheduleDecidedUntil: now.toISOString(),
          }));
        }
      }
    },
  });
}
