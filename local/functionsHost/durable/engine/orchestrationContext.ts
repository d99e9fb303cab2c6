import type { EventRaised, HistoryEvent } from "../history.ts";
import { Completion } from "./completion.ts";
import type { CompleteDecision, Decision } from "./decision.ts";
import { EntityRequests } from "./entityRequests.ts";
import { checkReplayed, type SchedulingEvent } from "./nonDeterminism.ts";

/** What an action may ask for: `Decision` without its number. */
type Request =
  | { kind: "scheduleTask"; name: string; input: string }
  | { kind: "createTimer"; fireAt: string }
  | { kind: "createSubOrchestration"; name: string; instanceId: string | undefined; input: string | null };

/**
 * The state of one execution while its history is replayed: what was decided, what is still open, which events wait
 * for a taker. It follows the extension's engine (durabletask's TaskOrchestrationContext) step by step, because what
 * an app sees in odd cases, abandoned timers, lost events, non-determinism, comes of these steps.
 */
export class OrchestrationContext {
  /** Milliseconds since 1970 of the batch that is being processed. */
  now = 0;
  isSuspended = false;
  readonly entityRequests: EntityRequests;
  readonly #executionId: string;
  #nextId = 0;
  #decisions = new Map<number, Decision>();
  #decisionsWhileSuspended = new Map<number, Decision>();
  #eventsWhileSuspended: HistoryEvent[] = [];
  readonly #openTasks = new Map<number, Completion>();
  readonly #waits = new Map<string, Completion[]>();
  readonly #bufferedEvents = new Map<string, number>();
  #continueAsNew: string | null | undefined;
  #isOver = false;

  constructor(instanceId: string, executionId: string) {
    this.#executionId = executionId;
    this.entityRequests = new EntityRequests(instanceId, executionId);
  }

  /** In the order of their numbers. */
  get decisions(): Decision[] {
    return [...this.#decisions.values()].sort((a, b) => a.id - b.id);
  }

  /** While any is open the execution does not end, whatever the function answered. */
  get hasOpenTasks(): boolean {
    return this.#openTasks.size > 0;
  }

  schedule(request: Request, options: { isCancelled?: boolean } = {}): Completion {
    const id = this.#nextId++;
    if (request.kind === "createSubOrchestration") {
      const instanceId = request.instanceId?.trim() ? request.instanceId : `${this.#executionId}:${id}`;
      this.#decisions.set(id, { ...request, id, instanceId });
    } else {
      this.#decisions.set(id, { ...request, id });
    }
    const task = options.isCancelled ? Completion.of("cancelled") : new Completion();
    if (!task.isSettled) this.#openTasks.set(id, task);
    return task;
  }

  sendEvent(instanceId: string, name: string, data: string): void {
    const id = this.#nextId++;
    this.#decisions.set(id, { kind: "sendEvent", id, instanceId, name, data });
  }

  /** The last wait that was opened gets the next event. */
  waitForEvent(name: string): Completion {
    const key = name.toLowerCase();
    const buffered = this.#bufferedEvents.get(key) ?? 0;
    if (buffered > 0) {
      this.#bufferedEvents.set(key, buffered - 1);
      return Completion.of("succeeded");
    }
    const wait = new Completion();
    this.#waits.set(key, [...(this.#waits.get(key) ?? []), wait]);
    return wait;
  }

  /** @param input JSON text for the next execution. */
  continueAsNew(input: string | null): void {
    this.#continueAsNew = input;
  }

  /** An event of the history that a decision of the replay must match. */
  replayed(event: SchedulingEvent): void {
    checkReplayed(event, this.#decisions.get(event.EventId));
    this.#decisions.delete(event.EventId);
  }

  /** Of a task that is not open any more: nothing, as for every duplicate. */
  settleTask(id: number, outcome: "succeeded" | "failed"): void {
    const task = this.#openTasks.get(id);
    // Settled first: what follows from it may look at what is open.
    task?.settle(outcome);
    this.#openTasks.delete(id);
  }

  raise(event: EventRaised): void {
    const key = event.Name.toLowerCase();
    const waits = this.#waits.get(key) ?? [];
    const last = waits.at(-1);
    if (last) {
      this.#waits.set(key, waits.slice(0, -1));
      last.settle("succeeded");
    } else {
      this.#bufferedEvents.set(key, (this.#bufferedEvents.get(key) ?? 0) + 1);
    }
  }

  suspend(): void {
    this.isSuspended = true;
    for (const [id, decision] of this.#decisions) this.#decisionsWhileSuspended.set(id, decision);
    this.#decisions.clear();
  }

  keepWhileSuspended(event: HistoryEvent): void {
    if (event.EventType !== 19) this.#eventsWhileSuspended.push(event);
  }

  /** @returns the events that came meanwhile, to be processed now. */
  resume(): HistoryEvent[] {
    this.isSuspended = false;
    for (const [id, decision] of this.#decisionsWhileSuspended) this.#decisions.set(id, decision);
    this.#decisionsWhileSuspended.clear();
    return this.#eventsWhileSuspended.splice(0);
  }

  complete(status: "Completed" | "Failed" | "Terminated", result: string | null, details: string | null = null): void {
    const id = this.#nextId++;
    if (status === "Completed" && this.#continueAsNew !== undefined) {
      this.#decide({ kind: "complete", id, status: "ContinuedAsNew", result: this.#continueAsNew, details: null });
      return;
    }
    if (this.#isOver) return;
    this.#isOver = true;
    this.#decide({ kind: "complete", id, status, result, details });
  }

  #decide(decision: CompleteDecision): void {
    this.#decisions.set(decision.id, decision);
  }
}
