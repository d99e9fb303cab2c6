import { askedAtOf } from "../buildId.ts";
import type { Receipt } from "../receipt.ts";
import { failureOf } from "./failureClass.ts";
import type { ScheduleState, SourceVersion } from "./state.ts";

/** Minutes after which an occurrence is tried again whose build failed for something that may be over by then. */
export const RETRY_MINUTES = [15, 60, 240];

/** Failures, and builds whose end has been noted, that are remembered. */
const MOST_REMEMBERED = 20;

/** What follows from a build's end for its image's schedule. */
export interface Ended {
  receipt: Pick<Receipt, "buildId" | "image" | "outcome" | "requested" | "endedAt" | "templateHash">;
  /** What its source meant, as far as it was seen. */
  source: SourceVersion | undefined;
}

/** What is known of a schedule with a build's end. Noting one twice is the same as noting it once. */
export function withEnd(state: ScheduleState, ended: Ended): ScheduleState {
  const { buildId, outcome, requested } = ended.receipt;
  if (state.noted.includes(buildId)) return state;
  const { running, ...rest } = state;
  const noted: ScheduleState = {
    ...rest,
    noted: [...state.noted, buildId].slice(-MOST_REMEMBERED),
    ...(running && running.buildId !== buildId ? { running } : {}),
  };
  if (outcome.kind === "built") return withSuccess(noted, ended);
  return requested.door === "schedule" ? withFailure(noted, ended) : noted;
}

/** Whoever has asked for it: what the schedule stumbled over is over. */
function withSuccess(state: ScheduleState, { receipt, source }: Ended): ScheduleState {
  const { paused: _, retry: __, ...rest } = state;
  const { buildId, templateHash, endedAt } = receipt;
  const at = askedAtOf(buildId) ?? endedAt;
  // One that was asked for earlier and took longer is not the last.
  const isLast = !rest.lastBuilt || Date.parse(rest.lastBuilt.at) <= Date.parse(at);
  const built = { buildId, at, ...(templateHash ? { templateHash } : {}), ...(source ? { source } : {}) };
  return { ...rest, failures: [], transient: 0, ...(isLast ? { lastBuilt: built } : {}) };
}

function withFailure(state: ScheduleState, { receipt }: Ended): ScheduleState {
  const { buildId, outcome, endedAt } = receipt;
  const failure = failureOf(outcome);
  if (!failure) return state;
  const minutes = failure.class === "transient" ? RETRY_MINUTES[state.transient] : undefined;
  if (minutes !== undefined) {
    const number = state.transient + 1;
    const at = new Date(Date.parse(endedAt) + minutes * 60_000).toISOString();
    return { ...state, transient: number, retry: { due: askedAtOf(buildId) ?? endedAt, number, at } };
  }
  const { class: kind, code, mend } = failure;
  const failures = [...state.failures, { buildId, class: kind, code }].slice(-MOST_REMEMBERED);
  const counted = { ...state, failures, transient: 0 };
  if (state.paused || failures.length < state.pauseAfter) return counted;
  const { retry: _, ...rest } = counted;
  const why = `${failures.length} builds in a row have failed, the last one ${buildId}: ${code} (${kind}). ${mend}`;
  return { ...rest, paused: { since: endedAt, why } };
}
