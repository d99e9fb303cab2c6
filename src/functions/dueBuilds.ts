import type { InvocationContext } from "@azure/functions";
import type { DurableClient } from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import { changeImageHistory, readImageHistory } from "../azure/imageHistories.ts";
import { newBuildId } from "../domain/buildId.ts";
import type { Recipe } from "../domain/recipe.ts";
import { dueOccurrence } from "../domain/schedule.ts";
import { requestBuild } from "./requestBuild.ts";

/**
 * Starts every recipe whose schedule is due, each on its own: what goes wrong with one is logged, and keeps no other
 * from being looked at.
 *
 * @throws at the end where any went wrong, so that the host counts the tick as failed.
 */
export async function startDueBuilds(
  recipes: Iterable<Recipe>,
  archive: Archive,
  client: DurableClient,
  context: Pick<InvocationContext, "log" | "error">,
): Promise<void> {
  const failed: string[] = [];
  for (const { name: image, schedule } of recipes) {
    if (!schedule) continue;
    try {
      await startIfDue({ image, schedule }, archive, client, context);
    } catch (error) {
      failed.push(image);
      const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
      context.error(`The schedule of ${image} could not be looked at: ${told}`);
    }
  }
  if (failed.length > 0) throw new Error(`The schedule could not be looked at for: ${failed.join(", ")}.`);
}

async function startIfDue(
  { image, schedule }: { image: string; schedule: NonNullable<Recipe["schedule"]> },
  archive: Archive,
  client: DurableClient,
  context: Pick<InvocationContext, "log">,
): Promise<void> {
  const now = new Date();
  const { scheduleDecidedUntil } = await readImageHistory(archive, image);
  // An image that the schedule has never looked at is not due for the past.
  const due = dueOccurrence(schedule, new Date(scheduleDecidedUntil ?? now), now);
  if (due) {
    // The id follows from the occurrence, so that the same one never starts twice.
    const buildId = newBuildId(image, due, [0, 0, 0, 0]);
    const requested = await requestBuild(archive, client, { buildId, image, door: "schedule" });
    context.log(`The build ${buildId}, due at ${due.toISOString()}: ${requested}.`);
  }
  if (due || !scheduleDecidedUntil) {
    await changeImageHistory(archive, image, (history) => ({ ...history, scheduleDecidedUntil: now.toISOString() }));
  }
}
