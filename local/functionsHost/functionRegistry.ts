import type { RpcBindingInfo, RpcTypedData } from "./worker/rpc.ts";
import type { RegisteredFunction, Worker } from "./worker/worker.ts";

export interface Trigger extends RpcBindingInfo {
  name: string;
}

/** A function of the app as the host indexes it. */
export interface HostFunction extends RegisteredFunction {
  id: string;
  name: string;
  trigger: Trigger;
  isDisabled: boolean;
}

export type DurableKind = "activity" | "orchestrator" | "entity";

const TRIGGERS = [
  "httpTrigger",
  "timerTrigger",
  "orchestrationTrigger",
  "activityTrigger",
  "entityTrigger",
  "eventGridTrigger",
];
const BINDINGS = [...TRIGGERS, "http", "durableClient", "orchestrationClient"];
const TRIGGER_OF: Record<DurableKind, string> = {
  activity: "activityTrigger",
  orchestrator: "orchestrationTrigger",
  entity: "entityTrigger",
};

/** The app's functions by name, which ignores case. */
export class FunctionRegistry {
  readonly all: HostFunction[];
  readonly #clientPayload: string;

  /** @param clientPayload JSON text of the durable client binding. @param log told of functions that cannot run. */
  constructor(worker: Worker, env: NodeJS.ProcessEnv, clientPayload: string, log: (line: string) => void) {
    this.#clientPayload = clientPayload;
    this.all = [];
    for (const [id, registered] of worker.functions) {
      const { name, bindings } = registered.metadata;
      const unknown = Object.values(bindings).filter(({ type }) => !knows(type));
      if (unknown.length > 0) {
        const types = unknown.map(({ type }) => type).join(", ");
        log(`The '${name}' function is in error: The binding type(s) '${types}' are not registered.`);
        continue;
      }
      const trigger = Object.entries(bindings).find(([, { type }]) => /trigger$/i.test(type));
      if (!trigger) {
        log(`The '${name}' function is in error: At least one trigger binding is required.`);
        continue;
      }
      const isDisabled = isTrue(env[`AzureWebJobs.${name}.Disabled`] ?? env[`AzureWebJobs_${name}_Disabled`]);
      this.all.push({ ...registered, id, name, trigger: { ...trigger[1], name: trigger[0] }, isDisabled });
    }
  }

  /** The enabled function with that trigger and name. */
  find(triggerType: string, name: string): HostFunction | undefined {
    const wanted = name.toLowerCase();
    return this.withTrigger(triggerType).find((found) => found.name.toLowerCase() === wanted);
  }

  withTrigger(triggerType: string): HostFunction[] {
    const type = triggerType.toLowerCase();
    return this.all.filter(({ trigger, isDisabled }) => !isDisabled && trigger.type.toLowerCase() === type);
  }

  knows(kind: DurableKind, name: string): boolean {
    return this.find(TRIGGER_OF[kind], name) !== undefined;
  }

  /** What the extension says of a name that it does not know. */
  invalidName(kind: DurableKind, name: string): string {
    const known = this.withTrigger(TRIGGER_OF[kind]).map((found) => found.name);
    const article = kind === "activity" ? "an activity" : kind === "entity" ? "an entity" : "an orchestrator";
    const info =
      known.length > 0
        ? `The following are the known ${kind} functions: '${known.join("', '")}'.`
        : `No ${kind} functions are currently registered!`;
    return `The function '${name}' doesn't exist, is disabled, or is not ${article} function. Additional info: ${info}`;
  }

  /** The data of a function's bindings beside its trigger. */
  extraInputs(found: HostFunction): { name: string; data: RpcTypedData }[] {
    return Object.entries(found.metadata.bindings)
      .filter(([, { type }]) => isDurableClient(type))
      .map(([name]) => ({ name, data: { string: this.#clientPayload } }));
  }
}

const isDurableClient = (type: string) => /^(durable|orchestration)client$/i.test(type);
const knows = (type: string) => BINDINGS.some((known) => known.toLowerCase() === type.toLowerCase());
const isTrue = (setting: string | undefined) => setting === "1" || setting?.toLowerCase() === "true";
