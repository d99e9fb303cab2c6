import type { LoggedRequest } from "../local/azure/control/requestLog.ts";

/** @returns requests that were throttled, and never answered in another way however often they were made again. */
export function lostToThrottling(requests: readonly LoggedRequest[]): string[] {
  const lost = new Set<string>();
  for (const { method, path, status } of requests) {
    if (status === 429) lost.add(`${method} ${path}`);
    else lost.delete(`${method} ${path}`);
  }
  return [...lost];
}
