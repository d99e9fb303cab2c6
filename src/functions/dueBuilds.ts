import type { InvocationContext } from "@azure/functions";
import type { DurableClient } from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import { changeImageHistory, readImageHistory } from "../azure/imageHistories.ts";
import { scheduledBuildId } from "../domain/buildId.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { toldOf } from "../domain/callbacks/notify.ts";
import type { Recipe } from "../domain/recipes/schema.ts";
import { dueOccurrence } from "../domain/schedule.ts";
import { requestBuild } from "./requestBuild.ts";

/**
 * Until when this process knows that each image's schedule has been decided upon. It may have been decided for longer by
 * another one, never for shorter: what is not due after it is not due.
 */
export type Decided = Map<string, Date>;

/**
 * Starts every recipe whose schedule is due, each on its own: what goes wrong with one is logged, and keeps no other
 * from being looked at.
 *
 * @throws at the end where any went wrong, so that the host counts the tick as failed.
 */
export async function startDueBuilds(
  recipes: Iterable<Recipe>,
  installationId: string,
  archive: Archive,
  client: DurableClient,
  context: Pick<InvocationContext, "log" | "error">,
  decided: Decided = new Map(),
): Promise<void> {
  const failed: string[] = [];
  for (const { name: image, schedule, notify } of recipes) {
    if (!schedule) continue;
    try {
      await startIfDue({ image, schedule, ...toldOf(notify) }, installationId, archive, client, context, decided);
    } catch (error) {
      failed.push(image);
      const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
      context.error(`The schedule of ${image} could not be looked at: ${told}`);
    }
  }
  if (failed.length > 0) throw new Error(`The schedule could not be looked at for: ${failed.join(", ")}.`);
}

async function startIfDue(
  {
    image,
    schedule,
    notify,
  }: { image: string; schedule: NonNullable<Recipe["schedule"]> } & Pick<BuildRequest, "notify">,
  installationId: string,
  archive: Archive,
  client: DurableClient,
  context: Pick<InvocationContext, "log">,
  decided: Decided,
): Promise<void> {
  const now = new Date();
  const known = decided.get(image);
  if (known && !dueOccurrence(schedule, known, now)) return;
  const { scheduleDecidedUntil } = await readImageHistory(archive, image);
  // An image that the schedule has never looked at is not due for the past.
  const due = dueOccurrence(schedule, new Date(scheduleDecidedUntil ?? now), now);
  if (due) {
    const buildId = scheduledBuildId(image, due, installationId);
    const requested = await requestBuild(archive, client, { buildId, image, door: "schedule", ...toldOf(notify) });
    context.log(`The build ${buildId}, due at ${due.toISOString()}: ${requested}.`);
  }
  if (due || !scheduleDecidedUntil) {
    await changeImageHistory(archive, image, (history) => ({ ...history, scheduleDecidedUntil: now.toISOString() }));
  }
  decided.set(image, now);
}
