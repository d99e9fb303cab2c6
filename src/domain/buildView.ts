import type { Progress } from "./receipt.ts";

/** How a build that is under way shows itself. */
export interface BuildView {
  id: string;
  image: string;
  state: "running";
  /** What it is doing: ours, or while it runs image builder's own word. */
  phase: string;
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

export function buildView(
  id: string,
  image: string,
  progress: Progress | undefined,
  runPhase: string | undefined,
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
    phase: runPhase ? `running: ${runPhase.toLowerCase()}` : (progress?.phase ?? "accepted"),
    ...(progress ? { startedAt: progress.startedAt } : {}),
    elapsedSeconds,
    ...(progress?.expectedSeconds ? { expectedSeconds: progress.expectedSeconds } : {}),
    grants: progress?.grants ?? [],
    retryAfterSeconds: Math.min(120, Math.max(10, Math.round(left / 10))),
  };
}
