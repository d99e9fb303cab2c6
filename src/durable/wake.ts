import type { DurableClient } from "durable-functions";
import { isUnderWay, readInstance } from "./instances.ts";

/** The event that ends the pause of an instance that waits. */
export const WAKE = "wake";

export interface Wake {
  /** To look at once, or to stop waiting. */
  stop: boolean;
}

/** @returns "unknown" where there is no such instance, or none yet. */
export async function wakeInstance(
  client: DurableClient,
  instanceId: string,
  wake: Wake,
): Promise<"told" | "over" | "unknown"> {
  const instance = await readInstance(client, instanceId);
  if (!instance) return "unknown";
  if (!isUnderWay(instance)) return "over";
  await client.raiseEvent(instanceId, WAKE, wake);
  return "told";
}
