/** Remembers what the host hands to each Durable and timer function, and what the library hands back. */
import { app } from "@azure/functions";

export interface Recorded {
  kind: string;
  name: string;
  instanceId: string | undefined;
  triggerMetadata: Record<string, unknown>;
  retryContext: unknown;
  inputType: string;
  input: unknown;
  returned?: unknown;
  threw?: { name: string; message: string };
}

const MOST_RECORDS = 20_000;
const records: Recorded[] = [];

const KINDS: Record<string, string> = {
  orchestrationTrigger: "orchestration",
  entityTrigger: "entity",
  activityTrigger: "activity",
  timerTrigger: "timer",
};

app.hook.preInvocation((hook) => {
  const { options, functionName, triggerMetadata = {}, retryContext } = hook.invocationContext;
  const kind = KINDS[options.trigger.type];
  if (kind === undefined) return;
  const [input] = hook.inputs;
  const record: Recorded = {
    kind,
    name: functionName,
    instanceId: instanceOf(kind, input, triggerMetadata),
    triggerMetadata: withoutCopies(kind, copy(triggerMetadata) as Record<string, unknown>),
    retryContext: retryContext ?? null,
    inputType: input === null ? "null" : typeof input,
    input: copy(input),
  };
  hook.hookData["record"] = record;
  records.push(record);
  if (records.length > MOST_RECORDS) records.shift();
});

app.hook.postInvocation((hook) => {
  const record = hook.hookData["record"] as Recorded | undefined;
  if (!record) return;
  if (hook.error === undefined || hook.error === null) record.returned = copy(hook.result);
  else record.threw = thrown(hook.error);
});

function instanceOf(kind: string, input: unknown, metadata: Record<string, unknown>): string | undefined {
  const { instanceId, self } = (input ?? {}) as { instanceId?: string; self?: { name: string; key: string } };
  if (kind === "orchestration") return instanceId;
  if (kind === "entity") return `@${self?.name}@${self?.key}`;
  return metadata["instanceId"] as string | undefined;
}

/** Not everything that is thrown is an Error. */
function thrown(error: unknown): { name: string; message: string } {
  const { name, message } = error as Partial<Error>;
  return { name: name ?? typeof error, message: message ?? String(error) };
}

const copy = (value: unknown): unknown =>
  value === undefined ? { $undefined: true } : JSON.parse(JSON.stringify(value));

/** The host repeats the whole payload in the metadata; that it does is all there is to know. */
function withoutCopies(kind: string, metadata: Record<string, unknown>): Record<string, unknown> {
  for (const key of Object.keys(metadata)) {
    const isOwn = kind !== "activity" && ["input", "state", "batch", "history"].includes(key);
    if (isOwn || /Trigger[0-9a-f]{6,}$/i.test(key)) metadata[key] = "<payload copy>";
  }
  return metadata;
}

export const recordsFor = (instanceId: string | undefined): Recorded[] =>
  records.filter((record) => record.instanceId === instanceId);

export const recordsOf = (kind: string | undefined, name: string | undefined): Recorded[] =>
  records.filter((record) => record.kind === kind && (name === undefined || record.name === name));
