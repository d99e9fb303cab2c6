import { type Wake, wakeInstance } from "../durable/wake.ts";
import type { Engine } from "../durable/activities.ts";

/** Steps that ask the engine itself. */
export const engineActivities = {
  /** Lets an instance that waits look at once, or stop. */
  async wake(
    { instanceId, wake }: { instanceId: string; wake: Wake },
    { client }: Engine,
  ): ReturnType<typeof wakeInstance> {
    return wakeInstance(client, instanceId, wake);
  },
};
