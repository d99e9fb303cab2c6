import type { DurableKind } from "../functionRegistry.ts";
import { raised } from "./entities/entityChange.ts";
import { type EntityId, instanceIdOf } from "./entities/entityId.ts";
import { guidOf, REQUEST_EVENT, requestText, signal } from "./entities/entityMessages.ts";
import { schedulerStateOf } from "./entities/schedulerState.ts";
import { executionStarted } from "./executionStarted.ts";
import { eventFields } from "./history.ts";
import type { HubStore } from "./hubStore.ts";
import { rewind } from "./rewind.ts";
import { type Instance, isOver, type Message } from "./taskHub.ts";
import type { WorkItemWorld } from "./workItem.ts";

/** Refused for a reason that the caller is told, with the exception type that the extension names. */
export class HubClientError extends Error {
  readonly exceptionType:
    | "System.ArgumentException"
    | "System.InvalidOperationException"
    | "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException";

  constructor(exceptionType: HubClientError["exceptionType"], message: string) {
    super(message);
    this.exceptionType = exceptionType;
  }
}

export type Told = "accepted" | "unknown" | "over";

export interface HubClientOptions {
  store: HubStore;
  world: WorkItemWorld;
  invalidName: (kind: DurableKind, name: string) => string;
}

/** What a durable client can ask of the hub. Everything it answers is safe on disk. */
export class HubClient {
  readonly #store: HubStore;
  readonly #options: HubClientOptions;

  constructor(options: HubClientOptions) {
    this.#options = options;
    this.#store = options.store;
  }

  /** @param input JSON text. @returns the instance's id. */
  async startNew(name: string, instanceId: string | undefined, input: string | null): Promise<string> {
    const { world, invalidName } = this.#options;
    if (!world.knows("orchestrator", name)) throw argumentError(invalidName("orchestrator", name));
    const id = instanceId || world.newId();
    refuseInvalidId(id);
    const present = this.#store.hub.instances.get(id);
    if (present && !isOver(present.runtimeStatus)) {
      throw new HubClientError(
        "DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException",
        `An Orchestration instance with the status ${present.runtimeStatus} already exists.`,
      );
    }
    const event = executionStarted({ name, instanceId: id, input, parent: null, generation: 0 }, world);
    const now = world.now();
    const instance: Instance = {
      instanceId: id,
      executionId: event.OrchestrationInstance.ExecutionId,
      name,
      runtimeStatus: "Pending",
      input,
      output: null,
      customStatus: null,
      createdTime: now,
      lastUpdatedTime: now,
      parent: null,
      history: [],
    };
    const message = { messageId: world.newId(), instanceId: id, executionId: null, event };
    await this.#store.commit({ kind: "instanceCreated", instance, message });
    return id;
  }

  async get(instanceId: string): Promise<Instance | undefined> {
    const instance = this.#store.hub.instances.get(instanceId);
    await this.#store.durable();
    return instance;
  }

  async all(): Promise<Instance[]> {
    const instances = [...this.#store.hub.instances.values()];
    await this.#store.durable();
    return instances;
  }

  /** @param input JSON text. */
  raiseEvent(instanceId: string, name: string, input: string): Promise<Told> {
    const event = { EventType: 15 as const, Name: name, Input: input, ParentTraceContext: null };
    return this.#tell(instanceId, { ...event, ...this.#fields() });
  }

  terminate(instanceId: string, reason: string | null): Promise<Told> {
    return this.#tell(instanceId, { EventType: 3, Input: reason, ...this.#fields() });
  }

  async suspend(instanceId: string, reason: string | null): Promise<Told> {
    const status = this.#store.hub.instances.get(instanceId)?.runtimeStatus;
    if (status === "Suspended") throw invalidState("suspend", instanceId, status);
    return this.#tell(instanceId, { EventType: 19, Reason: reason, ...this.#fields() });
  }

  async resume(instanceId: string, reason: string | null): Promise<Told> {
    const status = this.#store.hub.instances.get(instanceId)?.runtimeStatus;
    if (status === "Running" || status === "Pending") throw invalidState("resume", instanceId, status);
    return this.#tell(instanceId, { EventType: 20, Reason: reason, ...this.#fields() });
  }

  /** Tells an entity. Throws when the app has none of that name. @param input JSON text. */
  async signalEntity(entity: EntityId, operation: string, input: string | undefined): Promise<void> {
    const { world, invalidName } = this.#options;
    if (!world.knows("entity", entity.name)) throw argumentError(invalidName("entity", entity.name.toLowerCase()));
    const request = requestText(signal(operation, guidOf(world.newId()), input));
    const message = raised(instanceIdOf(entity), null, REQUEST_EVENT, request, world);
    await this.#store.commit({ kind: "messageSent", message });
  }

  /** JSON text; undefined when there is no such entity, or it has set no state yet. */
  async readEntity(entity: EntityId): Promise<string | undefined> {
    const { exists, state } = schedulerStateOf(await this.get(instanceIdOf(entity)));
    return exists && state !== null ? state : undefined;
  }

  /** Takes a failed instance up again before its failure. */
  async rewind(instanceId: string, reason: string | null): Promise<Told> {
    const instance = this.#store.hub.instances.get(instanceId);
    if (!instance) return "unknown";
    if (instance.runtimeStatus !== "Failed") {
      if (isOver(instance.runtimeStatus)) return "over";
      const message = "The rewind operation is only supported on failed orchestration instances.";
      throw new HubClientError("System.InvalidOperationException", message);
    }
    const { instances, leaves } = rewind(this.#store.hub, instance);
    const messages = leaves.map((leaf) => ({
      messageId: this.#options.world.newId(),
      instanceId: leaf,
      executionId: null,
      event: { Data: reason, EventType: 17 as const, ...this.#fields() },
    }));
    await this.#store.commit({ kind: "instancesRewound", instances, messages });
    return "accepted";
  }

  /** In whatever state they are. @returns how many there were. */
  async purge(instanceIds: string[]): Promise<number> {
    const present = instanceIds.filter((id) => this.#store.hub.instances.has(id));
    if (present.length > 0) await this.#store.commit({ kind: "instancesPurged", instanceIds: present });
    return present.length;
  }

  async #tell(instanceId: string, event: Message["event"]): Promise<Told> {
    const instance = this.#store.hub.instances.get(instanceId);
    if (!instance) return "unknown";
    if (isOver(instance.runtimeStatus)) return "over";
    const messageId = this.#options.world.newId();
    await this.#store.commit({
      kind: "messageSent",
      message: { messageId, instanceId, executionId: null, event },
    });
    return "accepted";
  }

  #fields() {
    return eventFields(this.#options.world.now());
  }
}

const LONGEST_ID = 256;

function refuseInvalidId(id: string): void {
  if (id.startsWith("@")) {
    throw argumentError("instanceId (Parameter 'Orchestration instance ids must not start with @.')");
  }
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  if (/[/\\#?\u0000-\u001f\u007f-\u009f]/.test(id)) {
    throw argumentError(
      "instanceId (Parameter 'Orchestration instance ids must not contain /, \\, #, ?, or control characters.')",
    );
  }
  if (id.length > LONGEST_ID) throw argumentError(`Instance ID lengths must not exceed ${LONGEST_ID} characters.`);
}

const argumentError = (message: string) => new HubClientError("System.ArgumentException", message);

const invalidState = (verb: string, instanceId: string, status: string) =>
  new HubClientError(
    "System.InvalidOperationException",
    `Cannot ${verb} the orchestration instance ${instanceId} because instance is in the ${status} state.`,
  );
