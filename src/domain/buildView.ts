import type { Progress } from "./receipt.ts";
import type { Limit } from "./turns.ts";

/** How a build that is under way shows itself. */
export interface BuildView {
  id: string;
  image: string;
  state: "running";
  /** What it is doing: ours, or while it runs image builder's own word. */
  phase: string;
  /** Builds that wait and are before it, and the limit that it waits for; absent where it does not wait. */
  queue?: { ahead: number; waitsFor: Limit };
  /** ISO 8601; absent until the first step has begun. */
  startedAt?: string;
  elapsedSeconds: number;
  /** What the whole build is expected to take, from the image's past. */
  expectedSeconds?: number;
  /** Grants held now. */
  grants: Progress["grants"];
  /** When it is worth asking again. */
  retryAfterSeconds: number;
}

/** What the instance tells that the build waits in: image builder's phase, or its place in the queue. */
export interface Told {
  phase?: string;
  ahead?: number;
  waitsFor?: Limit;
}

export function buildView(
  id: string,
  image: string,
  progress: Progress | undefined,
  told: Told | undefined,
  now: Date,
): BuildView {
  const elapsedSeconds = progress
    ? Math.max(0, Math.round((now.getTime() - Date.parse(progress.startedAt)) / 1000))
    : 0;
  const left = (progress?.expectedSeconds ?? 0) - elapsedSeconds;
  return {
    id,
    image,
    state: "running",
    phase: told?.phase ? `running: ${told.phase.toLowerCase()}` : (progress?.phase ?? "accepted"),
    ...(told?.ahead !== undefined && told.waitsFor ? { queue: { ahead: told.ahead, waitsFor: told.waitsFor } } : {}),
    ...(progress ? { startedAt: progress.startedAt } : {}),
    elapsedSeconds,
    ...(progress?.expectedSeconds ? { expectedSeconds: progress.expectedSeconds } : {}),
    grants: progress?.grants ?? [],
    retryAfterSeconds: Math.min(120, Math.max(10, Math.round(left / 10))),
  };
}
