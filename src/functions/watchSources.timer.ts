import * as df from "durable-functions";
import type { MayWork } from "../domain/notReady.ts";
import { watchSources, type WatchParts } from "./watchSources.ts";
import { whereReady } from "./whereReady.ts";

/** Looks each hour, not at its full minute, at which everybody does. */
export function registerWatch(parts: WatchParts, mayWork: MayWork): void {
  const look = watchSources(parts);
  df.app.client.timer("watchSources", {
    schedule: "0 17 * * * *",
    handler: (_, client, context) => whereReady(mayWork, "begins", context, () => look(client, context)),
  });
}
