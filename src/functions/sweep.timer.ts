import * as df from "durable-functions";
import type { Outbox } from "../activities/notices.ts";
import type { Archive } from "../azure/archive.ts";
import type { MayWork } from "../domain/notReady.ts";
import { startInstance } from "../durable/instances.ts";
import { sweepId } from "../domain/sweepId.ts";
import { sweep } from "../orchestrators/sweep.ts";
import { forgetClaims } from "./forgetClaims.ts";
import { whereReady } from "./whereReady.ts";
import { logLine } from "../telemetry/logLine.ts";

/**
 * Sweeps on a schedule; after an outage at once, since the host makes up for ticks that it missed. Whoever has not been
 * told of a build since nobody is at it is told then, and keys of requests are forgotten that do not count any more.
 */
export function registerSweepTimer(
  schedule: string,
  { outbox, archive, mayWork }: { outbox: Outbox; archive: Archive; mayWork: MayWork },
): void {
  df.app.client.timer("sweepTimer", {
    schedule,
    handler: (_, client, context) =>
      whereReady(mayWork, "ends", context, async () => {
        await startInstance(client, sweep, sweepId(new Date(), "timer"), { dryRun: false });
        await outbox.resume({ client, error: (text) => context.error(logLine("error", text)) });
        await forgetClaims(archive, new Date());
      }),
  });
}
