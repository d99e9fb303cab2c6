import type { Clock } from "../../clock/clock.ts";
import type { Answer } from "./engine/answer.ts";
import type { EntityBatch } from "./entities/entityBatch.ts";
import type { EntityAnswer } from "./entities/entityChange.ts";
import { isEntity } from "./entities/entityId.ts";
import { runEntity } from "./entities/runEntity.ts";
import { eventFields, type TaskCompleted, type TaskFailed } from "./history.ts";
import type { HubStore } from "./hubStore.ts";
import { runOrchestration } from "./runOrchestration.ts";
import type { ActivityTask, DurableTimer, HubChange, Message } from "./taskHub.ts";
import type { WorkItem, WorkItemWorld } from "./workItem.ts";

/** What the app answered to an activity. */
export type ActivityResult = Pick<TaskCompleted, "Result"> | Pick<TaskFailed, "Reason" | "Details">;

/** The app's functions, as the dispatcher sees them; what an app's function throws is an answer too. */
export interface DurableFunctions {
  callOrchestrator(item: WorkItem): Promise<Answer>;
  callEntity(batch: EntityBatch): Promise<EntityAnswer>;
  callActivity(activity: ActivityTask): Promise<ActivityResult>;
}

export interface DispatcherOptions {
  store: HubStore;
  clock: Clock;
  world: WorkItemWorld;
  functions: DurableFunctions;
  maxConcurrentOrchestratorFunctions: number;
  maxConcurrentActivityFunctions: number;
  /** How long an activity that was fetched and not answered is left alone. */
  activityRedeliverySeconds: number;
  /** How long messages, an activity or its result are on their way: milliseconds of the clock, asked each time. */
  deliveryMilliseconds?: (() => number) | undefined;
  log: (line: string) => void;
}

/** Keeps the hub moving: gives waiting messages to orchestrations, activities to the app, and fires timers. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #busyInstances = new Set<string>();
  readonly #runningActivities = new Set<string>();
  /** Activities that may be fetched now, oldest first. */
  #dueActivities: string[] = [];
  readonly #unfollow: () => void;
  #isClosed = false;
  #isAwake = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#unfollow = options.store.onChange((change) => this.#follow(change));
  }

  /** Takes up whatever an earlier process left. */
  start(): void {
    const { hub } = this.#options.store;
    for (const timer of hub.timers.values()) this.#watchTimer(timer);
    for (const activity of hub.activities.values()) this.#enqueue(activity);
    this.#wake();
  }

  /** Nothing that still runs is recorded any more. */
  close(): void {
    this.#isClosed = true;
    this.#unfollow();
  }

  #follow(change: HubChange): void {
    if (change.kind === "workItemCompleted") {
      for (const timer of change.timers) this.#watchTimer(timer);
      for (const activity of change.activities) this.#enqueue(activity);
    }
    this.#wake();
  }

  /** Once for all the changes of a turn: what was scheduled first then starts first. */
  #wake(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    queueMicrotask(() => {
      this.#isAwake = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    if (this.#isClosed) return;
    const { store, maxConcurrentOrchestratorFunctions, maxConcurrentActivityFunctions } = this.#options;
    for (const instanceId of store.hub.inboxes.keys()) {
      if (this.#busyInstances.size >= maxConcurrentOrchestratorFunctions) break;
      if (!this.#busyInstances.has(instanceId)) void this.#runInstance(instanceId);
    }
    while (this.#runningActivities.size < maxConcurrentActivityFunctions) {
      const activityId = this.#dueActivities.shift();
      if (activityId === undefined) break;
      void this.#runActivity(activityId);
    }
  }

  #watchTimer(timer: DurableTimer): void {
    const { clock, store } = this.#options;
    const fire = () => {
      if (!this.#isClosed) void store.commit({ kind: "timerFired", timerId: timer.timerId });
    };
    clock.setTimeout(fire, timer.visibleAt - clock.now());
  }

  #enqueue(activity: ActivityTask): void {
    const { clock, activityRedeliverySeconds } = this.#options;
    if (activity.fetchedAt === null) {
      this.#dueActivities.push(activity.activityId);
      return;
    }
    // Nobody knows whether the process that fetched it is still at work.
    const visibleAt = activity.fetchedAt + activityRedeliverySeconds * 1000;
    clock.setTimeout(() => {
      this.#dueActivities.push(activity.activityId);
      this.#wake();
    }, visibleAt - clock.now());
  }

  async #runInstance(instanceId: string): Promise<void> {
    this.#busyInstances.add(instanceId);
    const { store, clock, activityRedeliverySeconds, log } = this.#options;
    const free = () => {
      this.#busyInstances.delete(instanceId);
      this.#wake();
    };
    try {
      await this.#delivered();
      // The messages must be safe before the app sees what they say; others may come until then.
      await store.durable();
      if (!this.#isClosed) await this.#takeStep(instanceId);
    } catch (error) {
      log(`The instance '${instanceId}' could not be run: ${String(error)}`);
      // Its messages are not deleted, and can be seen again after a while.
      clock.setTimeout(free, activityRedeliverySeconds * 1000);
      return;
    }
    free();
  }

  /** Resolves when something that is sent now has come. */
  async #delivered(): Promise<void> {
    const { clock, deliveryMilliseconds } = this.#options;
    if (deliveryMilliseconds) await clock.sleep(deliveryMilliseconds());
  }

  #takeStep(instanceId: string): Promise<void> {
    const step = { ...this.#options, isClosed: () => this.#isClosed };
    return isEntity(instanceId) ? runEntity(instanceId, step) : runOrchestration(instanceId, step);
  }

  async #runActivity(activityId: string): Promise<void> {
    const { store, clock, world, functions, log } = this.#options;
    const activity = store.hub.activities.get(activityId);
    if (!activity) return;
    this.#runningActivities.add(activityId);
    try {
      await this.#delivered();
      if (this.#isClosed) return;
      await store.commit({ kind: "activityFetched", activityId, at: clock.now() });
      if (this.#isClosed) return;
      const result = await functions.callActivity(activity);
      if (this.#isClosed) return;
      await this.#delivered();
      if (this.#isClosed) return;
      const message = completionMessage(activity, result, world);
      await store.commit({ kind: "activityCompleted", activityId, message });
    } catch (error) {
      log(`The activity '${activity.name}' could not be run: ${String(error)}`);
    } finally {
      this.#runningActivities.delete(activityId);
      this.#wake();
    }
  }
}

function completionMessage(activity: ActivityTask, result: ActivityResult, world: WorkItemWorld): Message {
  const { instanceId, executionId, taskScheduledId: TaskScheduledId } = activity;
  const fields = eventFields(world.now());
  const event =
    "Reason" in result
      ? { EventType: 6 as const, TaskScheduledId, ...result, FailureDetails: null, ...fields }
      : { EventType: 5 as const, TaskScheduledId, ...result, ...fields };
  return { messageId: world.newId(), instanceId, executionId, event };
}
