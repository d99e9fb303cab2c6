import * as df from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import type { MayWork } from "../domain/notReady.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { nightlyBuilds } from "./nightlyBuilds.ts";
import { whereReady } from "./whereReady.ts";

/**
 * Looks every five minutes which schedules are due by the next time. To look each minute would wake the app five times as
 * often and start nothing earlier: each occurrence waits for its own second.
 */
export function registerNightlyBuilds(catalogue: AskCatalogue, archive: Archive, mayWork: MayWork): void {
  const tick = nightlyBuilds(catalogue, archive);
  df.app.client.timer("nightlyBuilds", {
    schedule: "0 */5 * * * *",
    handler: (_, client, context) => whereReady(mayWork, "begins", context, () => tick(client, context)),
  });
}
