import * as df from "durable-functions";
import { watchSources, type WatchParts } from "./watchSources.ts";

/** Looks each hour, not at its full minute, at which everybody does. */
export function registerWatch(parts: WatchParts): void {
  const look = watchSources(parts);
  df.app.client.timer("watchSources", {
    schedule: "0 17 * * * *",
    handler: (_, client, context) => look(client, context),
  });
}
