import type { World } from "../test/support/simulation/world.ts";

/**
 * Seconds that Azure Resource Manager takes for a call. Assumed: Azure promises none, and nobody has measured it for what
 * this service asks.
 */
export const ARM_SECONDS = 0.3;

/** Has each call take so long, in which an execution runs that waits for it. */
export function slowDown({ cloud }: Pick<World, "cloud">): void {
  cloud.addFault({ kind: "delay", path: "/subscriptions/**", delaySeconds: ARM_SECONDS });
}
