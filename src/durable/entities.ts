import * as df from "durable-functions";
import type { DurableClient, EntityContext, OrchestrationContext, Task } from "durable-functions";
import { type Calls, callsBy, repeated } from "./activities.ts";
import { ALWAYS, whenReady } from "../domain/notReady.ts";
import { workOf } from "../domain/work.ts";
import { answerOf } from "./answer.ts";
import type { StepRules } from "./around.ts";
import type { Patience } from "./patience.ts";

/**
 * What can be asked of an entity. The engine performs the operations on one entity one after another, each again after
 * a crash, and never two at once: an operation may therefore ask Azure. It changes the state that it is given; what it
 * has changed is kept also where it fails.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- any input type fits here; `EntityCalls` brings it back
export type Operations<State> = Record<string, (state: State, input: any) => Promise<unknown>>;

/** An entity with its persisted name. */
export interface Entity<State, O extends Operations<State>> {
  name: string;
  /** The state of one that has none yet. */
  initially: (key: string) => Promise<State>;
  operations: O;
}

/** @param steps what is put round each operation, which is not begun where it may not be. */
export function registerEntity(entity: AnyEntity, steps: StepRules): void {
  // The library awaits the handler, though its types do not say so.
  df.app.entity(entity.name, performerOf(entity, steps) as (context: EntityContext<unknown>) => void);
}

/**
 * The state of an entity as the engine has it just now, read by an activity: it may be long, and so never goes through
 * a history.
 *
 * @returns undefined where there is no such entity yet.
 */
export async function readEntity<State>(
  client: DurableClient,
  entity: string,
  key: string,
): Promise<State | undefined> {
  const { entityExists, entityState } = await client.readEntityState<State>(new df.EntityId(entity, key));
  return entityExists ? entityState : undefined;
}

/** The states of the entities of that name whose keys are wanted: to the engine they are instances that never end. */
export async function readEntities<State>(
  client: DurableClient,
  entity: string,
  isWanted: (key: string) => boolean = () => true,
): Promise<State[]> {
  const running = await client.getStatusBy({ runtimeStatus: [df.OrchestrationRuntimeStatus.Running] });
  const prefix = `@${entity.toLowerCase()}@`;
  const states: State[] = [];
  for (const { instanceId } of running) {
    const key = instanceId.slice(prefix.length);
    if (!instanceId.startsWith(prefix) || !isWanted(key)) continue;
    const state = await readEntity<State>(client, entity, key);
    if (state) states.push(state);
  }
  return states;
}

/** Performs one operation: the state is kept and the caller answered whatever comes of it. */
export function performerOf(
  { name, initially, operations }: AnyEntity,
  { mayWork = ALWAYS, around = (_, run) => run() }: Partial<StepRules> = {},
) {
  return async (context: EntityContext<unknown>): Promise<void> => {
    const { df: entity, invocationId } = context;
    const perform = async () => {
      const operation = (operations as Operations<unknown>)[entity.operationName ?? ""];
      if (!operation) throw new Error(`The entity ${name} has no operation ${entity.operationName}.`);
      const state: unknown = entity.getState() ?? (await initially(entity.entityKey));
      try {
        return await operation(state, entity.getInput());
      } finally {
        entity.setState(state);
      }
    };
    const execution = {
      name: `${name}.${entity.operationName ?? ""}`,
      input: entity.getInput<unknown>(),
      instanceId: "",
      invocationId,
      log: (level: "log" | "warn", line: string) => context[level](line),
    };
    entity.return(await around(execution, () => answerOf(() => whenReady(mayWork, workOf(execution.name), perform))));
  };
}

// oxlint-disable-next-line typescript/no-explicit-any -- of any state
export type AnyEntity = Entity<any, any>;

/** The operations of an entity as an orchestrator calls them. */
export type EntityCalls<E extends AnyEntity> = Calls<{
  [Name in keyof E["operations"]]: (input: Parameters<E["operations"][Name]>[1]) => ReturnType<E["operations"][Name]>;
}>;

/** Schedules an operation; the engine performs it when its turn comes. */
export function scheduleOperation(
  context: OrchestrationContext,
  { entity, key, operation }: { entity: string; key: string; operation: string },
  input: unknown,
): Task {
  return context.df.callEntity(new df.EntityId(entity, key), operation, input);
}

/** Calls of an entity's operations, repeated within the orchestrator's own history. */
export function entityOf<E extends AnyEntity>(
  context: OrchestrationContext,
  entity: string,
  key: string,
  patience: Patience,
): EntityCalls<E> {
  return callsBy((operation, input) =>
    repeated(context, patience, `${entity}.${operation}`, () =>
      scheduleOperation(context, { entity, key, operation }, input),
    ),
  ) as EntityCalls<E>;
}
