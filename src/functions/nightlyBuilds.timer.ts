import * as df from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import type { Recipe } from "../domain/recipes/schema.ts";
import { type Decided, startDueBuilds } from "./dueBuilds.ts";

/** Starts every recipe whose schedule is due. */
export function registerNightlyBuilds(
  recipes: ReadonlyMap<string, Recipe>,
  installationId: string,
  archive: Archive,
): void {
  const decided: Decided = new Map();
  df.app.client.timer("nightlyBuilds", {
    schedule: "0 */5 * * * *",
    handler: (_, client, context) =>
      startDueBuilds(recipes.values(), installationId, archive, client, context, decided),
  });
}
