import type { TestHost } from "./host.ts";

/** What the Durable HTTP API tells of an instance. */
export interface ShownInstance {
  name: string;
  instanceId: string;
  runtimeStatus: string;
  input: unknown;
  customStatus: unknown;
  output: unknown;
  historyEvents?: { EventType: string; [field: string]: unknown }[];
}

/** A call to the Durable HTTP API of a host without keys. @param body sent as JSON. */
export async function durable(
  host: { url: string },
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; headers: Headers; body: unknown }> {
  const response = await fetch(`${host.url}/runtime/webhooks/durabletask${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

/** Starts an instance; its id is the test's to choose. */
export async function startInstance(host: { url: string }, name: string, id: string, input?: unknown): Promise<void> {
  const { status, body } = await durable(host, "POST", `/orchestrators/${name}/${id}`, input);
  if (status !== 202) throw new Error(`The start of ${name} was answered with ${status}: ${JSON.stringify(body)}`);
}

export async function shown(host: { url: string }, id: string): Promise<ShownInstance> {
  return (await durable(host, "GET", `/instances/${id}?showHistory=true&showHistoryOutput=true`)).body as ShownInstance;
}

/** Starts an instance and waits for its end. */
export async function run(host: TestHost, name: string, input?: unknown, id = "one"): Promise<ShownInstance> {
  await startInstance(host, name, id, input);
  await host.instance(id);
  return shown(host, id);
}

/** The types of an instance's events, of whole batches, in the order of its history. */
export const eventTypes = (host: TestHost, id = "one"): number[] =>
  (host.hub.instances.get(id)?.history ?? []).map((event) => event.EventType);
