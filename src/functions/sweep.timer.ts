import * as df from "durable-functions";
import { startInstance } from "../durable/instances.ts";
import { sweepId } from "../domain/sweepId.ts";
import { sweep } from "../orchestrators/sweep.ts";

/** Sweeps on a schedule; after an outage at once, since the host makes up for ticks that it missed. */
export function registerSweepTimer(schedule: string): void {
  df.app.client.timer("sweepTimer", {
    schedule,
    handler: async (_, client) => {
      await startInstance(client, sweep, sweepId(new Date(), "timer"), { dryRun: false });
    },
  });
}
