import type { DurableClient } from "durable-functions";
import { wakeInstance } from "../durable/wake.ts";

/** So many events reach one instance within so many milliseconds: each stands in its history, whoever has sent it. */
const MOST = { events: 4, within: 60_000 };

/** Wakes an instance to look. @returns false where none waits by that id. */
export type WakeToLook = (client: DurableClient, instanceId: string) => Promise<boolean>;

/** Wakes instances, and each only so often: those that wait look by themselves as well. */
export function wakeSeldom(now: () => number = Date.now): WakeToLook {
  let lately: { instanceId: string; at: number }[] = [];
  return async (client, instanceId) => {
    lately = lately.filter(({ at }) => now() - at < MOST.within);
    if (lately.filter((one) => one.instanceId === instanceId).length >= MOST.events) return true;
    lately.push({ instanceId, at: now() });
    return (await wakeInstance(client, instanceId, { stop: false })) === "told";
  };
}
