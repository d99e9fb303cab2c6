import { WAKE, type Wake } from "../durable/wake.ts";
import { isUnderWay, readInstance } from "../durable/instances.ts";
import type { Engine } from "../durable/activities.ts";

/** Steps that ask the engine itself. */
export const engineActivities = {
  /**
   * Lets an instance that waits look at once, or stop.
   *
   * @returns "unknown" where there is none, or none yet.
   */
  async wake(
    { instanceId, wake }: { instanceId: string; wake: Wake },
    { client }: Engine,
  ): Promise<"told" | "over" | "unknown"> {
    const instance = await readInstance(client, instanceId);
    if (!instance) return "unknown";
    if (!isUnderWay(instance)) return "over";
    await client.raiseEvent(instanceId, WAKE, wake);
    return "told";
  },
};
