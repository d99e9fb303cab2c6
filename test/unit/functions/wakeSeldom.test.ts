import type { DurableClient } from "durable-functions";
import { expect, it } from "vitest";
import { wakeSeldom } from "../../../src/functions/wakeSeldom.ts";

/** A client of an engine with these instances. @returns what was raised at each as well. */
function engineWith(instances: Record<string, string>) {
  const raised: string[] = [];
  const client = {
    getStatus: async (instanceId: string) => {
      const runtimeStatus = instances[instanceId];
      if (!runtimeStatus) throw new Error("HTTP 404");
      return { instanceId, runtimeStatus };
    },
    raiseEvent: async (instanceId: string, name: string, data: unknown) =>
      void raised.push(`${instanceId} ${name} ${JSON.stringify(data)}`),
  } as unknown as DurableClient;
  return { client, raised };
}

it("an instance that waits is told to look, and not to stop", async () => {
  const { client, raised } = engineWith({ one: "Running" });
  expect(await wakeSeldom()(client, "one")).toBe(true);
  expect(raised).toEqual(['one wake {"stop":false}']);
});

it.each([
  ["has ended", { one: "Completed" }],
  ["is not there", {}],
])("an instance that %s is told nothing", async (_, instances) => {
  const { client, raised } = engineWith(instances);
  expect(await wakeSeldom()(client, "one")).toBe(false);
  expect(raised).toEqual([]);
});

it("an instance is told four times a minute at the most, and no other has to wait for it", async () => {
  const { client, raised } = engineWith({ one: "Running", two: "Running" });
  let time = 0;
  const wake = wakeSeldom(() => time);
  for (; time < 180_000; time += 1000) await wake(client, "one");
  expect(raised).toHaveLength(12);
  await wake(client, "two");
  expect(raised.at(-1)).toMatch(/^two/);
});
