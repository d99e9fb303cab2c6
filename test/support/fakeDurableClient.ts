import type { DurableClient } from "durable-functions";

interface FakeInstance {
  instanceId: string;
  runtimeStatus: string;
  input: unknown;
  output?: unknown;
}

/** What the doors need of the engine: the instances that there are, and starting more. */
export function fakeDurableClient() {
  const instances = new Map<string, FakeInstance>();
  const starts: string[] = [];
  const client = {
    getStatus(instanceId: string) {
      const instance = instances.get(instanceId);
      // The library's own words for it.
      if (!instance) return Promise.reject(new Error("The operation failed with an unexpected status: HTTP 404"));
      return Promise.resolve(instance);
    },
    startNew(_: string, { instanceId, input }: { instanceId: string; input: unknown }) {
      if (instances.get(instanceId)?.runtimeStatus === "Running")
        return Promise.reject(new Error("An Orchestration instance with the status Running already exists."));
      instances.set(instanceId, { instanceId, runtimeStatus: "Running", input });
      starts.push(instanceId);
      return Promise.resolve(instanceId);
    },
  } as unknown as DurableClient;
  return {
    client,
    /** Ids, in the order of the starts; one that was started twice is in it twice. */
    started: () => [...starts],
    inputOf: (instanceId: string) => instances.get(instanceId)?.input,
    end(instanceId: string, output?: unknown, runtimeStatus = "Completed") {
      instances.set(instanceId, { instanceId, runtimeStatus, input: instances.get(instanceId)?.input, output });
    },
    /** As an operator does. */
    purge: (instanceId: string) => void instances.delete(instanceId),
  };
}
