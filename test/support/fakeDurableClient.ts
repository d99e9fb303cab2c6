import type { DurableClient } from "durable-functions";

/** What the doors need of the engine: the instances that there are, and starting more. */
export function fakeDurableClient() {
  const instances = new Map<string, { instanceId: string; runtimeStatus: string }>();
  const client = {
    getStatus(instanceId: string) {
      const instance = instances.get(instanceId);
      // The library's own words for it.
      if (!instance) return Promise.reject(new Error("The operation failed with an unexpected status: HTTP 404"));
      return Promise.resolve(instance);
    },
    startNew(_: string, { instanceId }: { instanceId: string }) {
      instances.set(instanceId, { instanceId, runtimeStatus: "Running" });
      return Promise.resolve(instanceId);
    },
  } as unknown as DurableClient;
  return {
    client,
    started: () => [...instances.keys()],
    end(instanceId: string) {
      instances.set(instanceId, { instanceId, runtimeStatus: "Completed" });
    },
  };
}
