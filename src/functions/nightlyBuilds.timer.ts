import * as df from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { nightlyBuilds } from "./nightlyBuilds.ts";

/** Looks every five minutes which schedules are due. */
export function registerNightlyBuilds(catalogue: AskCatalogue, installationId: string, archive: Archive): void {
  const tick = nightlyBuilds(catalogue, installationId, archive);
  df.app.client.timer("nightlyBuilds", {
    schedule: "0 */5 * * * *",
    handler: (_, client, context) => tick(client, context),
  });
}
