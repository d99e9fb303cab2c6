import * as df from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import type { Catalogue } from "../domain/recipes/catalogue.ts";
import { faultText } from "../domain/recipes/fault.ts";
import { type Decided, startDueBuilds } from "./dueBuilds.ts";

/** Starts every recipe whose schedule is due; which are broken, and so never due, is told once. */
export function registerNightlyBuilds({ recipes, broken }: Catalogue, installationId: string, archive: Archive): void {
  const decided: Decided = new Map();
  const untold = new Map(broken);
  df.app.client.timer("nightlyBuilds", {
    schedule: "0 */5 * * * *",
    handler: (_, client, context) => {
      for (const [image, faults] of untold) {
        context.error(
          `The recipe of ${image} is broken, so nothing is built of it:\n${faults.map(faultText).join("\n")}`,
        );
      }
      untold.clear();
      return startDueBuilds(recipes.values(), installationId, archive, client, context, decided);
    },
  });
}
