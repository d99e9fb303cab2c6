/** Runs orchestrators on the real executor of durable-functions, with activities that a test gives, in no real time. */
import { createRequire } from "node:module";
import type { DurableClient } from "durable-functions";
import { skippingClock } from "../../local/clock/skippingClock.ts";
import {
  type ActivityResult,
  Dispatcher,
  type DurableFunctions,
} from "../../local/functionsHost/durable/dispatcher.ts";
import { type Answer, answerOfError, answerOfReturn } from "../../local/functionsHost/durable/engine/answer.ts";
import { entityPayload } from "../../local/functionsHost/durable/entities/entityBatch.ts";
import type { EntityAnswer } from "../../local/functionsHost/durable/entities/entityChange.ts";
import { activityFailure, HOST_STACK } from "../../local/functionsHost/durable/failure.ts";
import type { HistoryEvent } from "../../local/functionsHost/durable/history.ts";
import { HubClient } from "../../local/functionsHost/durable/hubClient.ts";
import { HubStore } from "../../local/functionsHost/durable/hubStore.ts";
import { orchestratorPayload } from "../../local/functionsHost/durable/orchestratorPayload.ts";
import type { Instance } from "../../local/functionsHost/durable/taskHub.ts";
import type { WorkItem } from "../../local/functionsHost/durable/workItem.ts";
import { memoryJournal } from "../../local/functionsHost/journal/journal.ts";
import { rpcExceptionOf } from "../../local/functionsHost/worker/errors.ts";
import type { Engine, EngineActivities } from "../../src/durable/activities.ts";
import { answerOf } from "../../src/durable/answer.ts";
import { type AnyEntity, performerOf } from "../../src/durable/entities.ts";
import { handlerOf, type Orchestrator } from "../../src/durable/orchestrator.ts";

/** The library's own executors; they are not among its exports. */
const require = createRequire(import.meta.url);
type Executing = new (handler: unknown) => { handle(trigger: unknown, context: object): Promise<unknown> };
const { Orchestrator: Executor } = require("durable-functions/lib/src/orchestrations/Orchestrator") as {
  Orchestrator: Executing;
};
const { Entity: EntityExecutor } = require("durable-functions/lib/src/entities/Entity") as { Entity: Executing };

// oxlint-disable-next-line typescript/no-explicit-any -- orchestrators of any input and output
type AnyOrchestrator = Orchestrator<any, any>;

export interface Ran {
  status: string;
  /** What the orchestrator returned, or the text that it failed with. */
  output: unknown;
  /** Activities, and operations of entities as `lease.join`, in the order in which they were called. */
  calls: { name: string; input: unknown }[];
  /** By instance id, the orchestrator's own first. */
  instances: Map<string, Instance>;
  /** Each execution as it was handed to its orchestrator last: those that began anew have several. */
  executions: (SavedHistory & { name: string })[];
  /** Seconds of virtual time from start to end. */
  seconds: number;
}

const START = Date.UTC(2026, 0, 15, 2, 0, 0);

export interface Functions {
  orchestrators: AnyOrchestrator[];
  entities: AnyEntity[];
  activities: EngineActivities;
}

export interface RaisedEvent {
  afterSeconds: number;
  name: string;
  data: unknown;
}

/** Runs the first orchestrator to its end. @param events raised at it. */
export async function runOrchestration(
  { orchestrators, entities, activities }: Functions,
  { instanceId, input }: { instanceId: string; input: unknown },
  ...events: RaisedEvent[]
): Promise<Ran> {
  const [first] = orchestrators;
  if (!first) throw new Error("There is no orchestrator to run.");
  const clock = skippingClock(START);
  let nextId = 0;
  const world = {
    now: () => clock.now(),
    newId: () => (nextId++).toString(16).padStart(32, "0"),
    knows: (_: string, name: string) =>
      [...orchestrators, ...entities].some((known) => known.name === name) || name in activities,
  };
  const store = new HubStore(memoryJournal());
  const calls: Ran["calls"] = [];
  const executions = new Map<string, Ran["executions"][number]>();
  const functions: DurableFunctions = {
    callOrchestrator: async (item) => {
      const orchestrator = orchestrators.find(({ name }) => name === item.name);
      if (!orchestrator) throw new Error(`There is no orchestrator ${item.name}.`);
      const { instanceId: id, executionId, name, past, fresh } = item;
      const history = structuredClone([...past, ...fresh]);
      executions.set(executionId, { instanceId: id, name, input: JSON.parse(item.input ?? "null"), history });
      return execute(orchestrator, item);
    },
    callEntity: async (batch) => {
      const entity = entities.find(({ name }) => name === batch.self.name);
      if (!entity) throw new Error(`There is no entity ${batch.self.name}.`);
      for (const { op, input: text } of batch.requests) {
        calls.push({ name: `${entity.name}.${op}`, input: JSON.parse(text ?? "null") });
      }
      const answer = await new EntityExecutor(performerOf(entity)).handle(JSON.parse(entityPayload(batch)), {});
      return JSON.parse(JSON.stringify(answer)) as EntityAnswer;
    },
    callActivity: async ({ name, input: text }) => {
      const given = JSON.parse(text) as unknown;
      calls.push({ name, input: given });
      return callActivity(name, activities[name], given, engine);
    },
  };
  const hubClient = new HubClient({ store, world, invalidName: (_, name) => `There is no orchestrator ${name}.` });
  /** As much of a durable client as our steps use. */
  const client = {
    getStatus: async (id: string) => {
      const instance = store.hub.instances.get(id);
      if (!instance) throw new Error("HTTP 404");
      return instance;
    },
    raiseEvent: (id: string, name: string, data: unknown) => hubClient.raiseEvent(id, name, JSON.stringify(data)),
  } as unknown as DurableClient;
  const engine: Engine = { client, error: () => {} };
  const dispatcher = new Dispatcher({
    store,
    clock,
    world,
    functions,
    maxConcurrentOrchestratorFunctions: 5,
    maxConcurrentActivityFunctions: 5,
    activityRedeliverySeconds: 300,
    log: (line) => {
      throw new Error(line);
    },
  });
  dispatcher.start();
  try {
    await hubClient.startNew(first.name, instanceId, JSON.stringify(input));
    for (const { afterSeconds, name, data } of events) {
      clock.setTimeout(() => void hubClient.raiseEvent(instanceId, name, JSON.stringify(data)), afterSeconds * 1000);
    }
    const ended = await endOf(store, instanceId, clock);
    return {
      status: ended.runtimeStatus,
      output: ended.output === null ? null : JSON.parse(ended.output),
      calls,
      instances: new Map(store.hub.instances),
      executions: [...executions.values()],
      seconds: (clock.now() - START) / 1000,
    };
  } finally {
    dispatcher.close();
    clock.close();
  }
}

/** A week of virtual time without an end means that the instance hangs. */
const PATIENCE_MILLISECONDS = 7 * 24 * 3_600_000;

function endOf(store: HubStore, instanceId: string, clock: ReturnType<typeof skippingClock>): Promise<Instance> {
  return new Promise((resolve, reject) => {
    clock.setTimeout(() => reject(new Error(`${instanceId} has not ended after a week.`)), PATIENCE_MILLISECONDS);
    store.onChange(() => {
      const instance = store.hub.instances.get(instanceId);
      if (instance && ["Completed", "Failed", "Terminated"].includes(instance.runtimeStatus)) resolve(instance);
    });
  });
}

async function execute(orchestrator: AnyOrchestrator, item: WorkItem): Promise<Answer> {
  const executor = new Executor(handlerOf(orchestrator));
  try {
    const state = await executor.handle(JSON.parse(orchestratorPayload(item)), {});
    return answerOfReturn(JSON.parse(JSON.stringify(state)));
  } catch (error) {
    return answerOfError({ message: error instanceof Error ? error.message : String(error), stack: HOST_STACK });
  }
}

async function callActivity(
  name: string,
  run: EngineActivities[string] | undefined,
  input: unknown,
  engine: Engine,
): Promise<ActivityResult> {
  try {
    if (!run) throw new Error(`There is no activity ${name}.`);
    const result = await answerOf(() => run(input, engine));
    return { Result: JSON.stringify(result) };
  } catch (error) {
    return activityFailure(name, rpcExceptionOf(error));
  }
}

/** One whole execution as it was: what a newer version of the code must still replay to the same end. */
export interface SavedHistory {
  instanceId: string;
  input: unknown;
  history: HistoryEvent[];
}

/** Replays a saved history on today's code. */
export async function replay(
  orchestrator: AnyOrchestrator,
  { instanceId, input, history }: SavedHistory,
): Promise<{ isDone: boolean; output: unknown; scheduled: string[] }> {
  const payload = orchestratorPayload({
    instanceId,
    executionId: "",
    name: orchestrator.name,
    input: JSON.stringify(input),
    parent: null,
    createdTime: START,
    past: history,
    fresh: [],
    taken: [],
    activities: [],
    timers: [],
    sent: [],
    carriedStatus: null,
    keepsPast: true,
  });
  const state = (await new Executor(handlerOf(orchestrator)).handle(JSON.parse(payload), {})) as {
    isDone: boolean;
    output: unknown;
    actions: Action[][];
  };
  return { isDone: state.isDone, output: state.output, scheduled: (state.actions[0] ?? []).flatMap(scheduledBy) };
}

interface Action {
  functionName?: string;
  operation?: string;
  fireAt?: Date;
  compoundActions?: Action[];
}

/** What an action leaves in the history when it is scheduled; waiting for an event leaves nothing. */
function scheduledBy({ functionName, operation, fireAt, compoundActions }: Action): string[] {
  if (compoundActions) return compoundActions.flatMap(scheduledBy);
  if (operation) return ["operation"];
  return functionName ? [functionName] : fireAt ? ["timer"] : [];
}

/** What the execution that a history tells of had scheduled, in order. */
export function scheduledIn(history: HistoryEvent[]): string[] {
  return history.flatMap((event) => {
    if (event.EventType === 4 || event.EventType === 7) return [event.Name];
    if (event.EventType === 14) return ["operation"];
    return event.EventType === 10 ? ["timer"] : [];
  });
}
