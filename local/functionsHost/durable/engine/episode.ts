import type { HistoryEvent } from "../history.ts";
import { jsonText, jsonTextOrNull } from "../jsonText.ts";
import { invokeAction, type Surroundings } from "./actions.ts";
import type { Answer, OrchestratorState } from "./answer.ts";
import type { Decision } from "./decision.ts";
import { NonDeterministicError } from "./nonDeterminism.ts";
import { OrchestrationContext } from "./orchestrationContext.ts";

/** A batch of new events, what came before it, and what the function answered when it was shown both. */
export interface Episode {
  name: string;
  past: readonly HistoryEvent[];
  fresh: readonly HistoryEvent[];
  answer: Answer;
  around: Surroundings;
}

export interface EpisodeResult {
  /** What is new: actions that the history already knows are not among them. */
  decisions: Decision[];
  /** JSON text. */
  customStatus: string | null;
}

/** How the orchestration function as a whole ended; undefined while it waits. */
type End = { kind: "completed"; output: string | null } | { kind: "failed"; reason: string; details: string };

/** In kilobytes of UTF-16. */
const LARGEST_CUSTOM_STATUS = 16;

/** Decides what follows from an episode. */
export function decide(episode: Episode): EpisodeResult {
  const context = new OrchestrationContext(episode.around.instanceId, episode.around.executionId);
  const run: Run = { context, episode, customStatus: null, end: undefined };
  try {
    for (const event of [...episode.past, ...episode.fresh]) {
      if (event.EventType === 12) context.now = Date.parse(event.Timestamp);
      else processEvent(run, event);
    }
    const end = run.end;
    if (end && !context.hasOpenTasks) {
      if (end.kind === "completed") context.complete("Completed", end.output);
      else context.complete("Failed", end.reason, end.details);
    }
  } catch (error) {
    if (!(error instanceof NonDeterministicError)) throw error;
    context.complete("Failed", error.message, `Unhandled exception while executing orchestration: ${error.message}`);
  }
  return { decisions: context.decisions, customStatus: run.customStatus };
}

interface Run {
  context: OrchestrationContext;
  episode: Episode;
  customStatus: string | null;
  end: End | undefined;
}

function processEvent(run: Run, event: HistoryEvent): void {
  const { context } = run;
  const wakes = event.EventType === 20 || event.EventType === 3;
  if (context.isSuspended && !wakes) return context.keepWhileSuspended(event);
  switch (event.EventType) {
    case 0:
      return followAnswer(run);
    case 3:
      return context.complete("Terminated", event.Input);
    case 4:
    case 7:
    case 10:
    case 14:
      return context.replayed(event);
    case 5:
    case 8:
      return context.settleTask(event.TaskScheduledId, "succeeded");
    case 6:
    case 9:
      return context.settleTask(event.TaskScheduledId, "failed");
    case 11:
      return context.settleTask(event.TimerId, "succeeded");
    case 15:
      return context.raise(event);
    case 19:
      return context.suspend();
    case 20:
      for (const kept of context.resume()) processEvent(run, kept);
      return;
    default:
      return;
  }
}

/** The answer holds every action since the start; each is awaited before the next, as user code did. */
function followAnswer(run: Run): void {
  const { answer, name } = run.episode;
  if (answer.kind === "nothing") {
    run.end = { kind: "completed", output: null };
  } else if (answer.kind === "exception") {
    run.end = failed(name, answer.message, answer.message);
  } else {
    try {
      run.customStatus = customStatusOf(answer.state);
      takeActions(run, answer.state, answer.stack, 0);
    } catch (error) {
      if (error instanceof NonDeterministicError) throw error;
      run.end = failed(name, (error as Error).message, (error as Error).message);
    }
  }
}

function takeActions(run: Run, state: OrchestratorState, stack: string, from: number): void {
  const actions = state.actions[0] ?? [];
  for (let at = from; at < actions.length; at++) {
    const action = actions[at];
    if (!action) continue;
    const task = invokeAction(run.context, run.episode.around, action);
    if (!task.isSettled) {
      task.onSettled(() => {
        try {
          takeActions(run, state, stack, at + 1);
        } catch (error) {
          run.end = failed(run.episode.name, (error as Error).message, (error as Error).message);
        }
      });
      return;
    }
  }
  if (state.error) {
    run.end = failed(run.episode.name, state.error, `Message: ${state.error}, StackTrace: ${stack}`);
  } else if (state.isDone) {
    run.end = { kind: "completed", output: jsonTextOrNull(state.output) };
  }
}

const failed = (name: string, message: string, details: string): End => ({
  kind: "failed",
  reason: `Orchestrator function '${name}' failed: ${message}`,
  details,
});

function customStatusOf(state: OrchestratorState): string | null {
  if (state.customStatus === undefined || state.customStatus === null) return null;
  const text = jsonText(state.customStatus);
  const size = Math.floor((text.length * 2) / 1024);
  if (size <= LARGEST_CUSTOM_STATUS) return text;
  throw new Error(
    `The UTF-16 size of the JSON-serialized payload must not exceed ${LARGEST_CUSTOM_STATUS} KB. The current payload size is ${size} KB.`,
  );
}
