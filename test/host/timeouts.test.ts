import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startHost, TEST_START } from "../support/host.ts";
import { durable, run } from "../support/hostClient.ts";
import { temporaryFolder } from "../support/hostProcess.ts";

const testApp = join(import.meta.dirname, "app");
const from = (file: string) => JSON.stringify(join(testApp, file));

/** The test app under a host.json of its own. */
function appWith(functionTimeout: string): string {
  const folder = join(temporaryFolder(), "app");
  mkdirSync(folder);
  writeFileSync(join(folder, "host.json"), JSON.stringify({ version: "2.0", functionTimeout }));
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "main": "main.ts" }');
  // Modules are kept: what registers must be called by each host's own.
  writeFileSync(
    join(folder, "main.ts"),
    `import { registerActivities } from ${from("activities.ts")};
     import { registerEntities } from ${from("entities.ts")};
     import { registerOrchestrators } from ${from("orchestrators.ts")};
     registerActivities();
     registerEntities();
     registerOrchestrators();`,
  );
  return folder;
}

const HOUR_OF_WORK = { items: [{ name: "a", milliseconds: 3_600_000 }] };

test("an activity that takes longer than functionTimeout has failed", async () => {
  const host = await startHost({ app: appWith("00:05:00"), leastFunctionSeconds: 0 });
  expect(await run(host, "fanOut", HOUR_OF_WORK)).toMatchObject({
    output: expect.stringMatching(/Timeout value of 00:05:00 was exceeded by function: Functions\.slow/) as string,
  });
  expect(host.clock.now() - TEST_START).toBeLessThan(400_000);
});

test("a functionTimeout of -1 is none", async () => {
  const host = await startHost({ app: appWith("-1"), leastFunctionSeconds: 0 });
  expect(await run(host, "fanOut", HOUR_OF_WORK)).toMatchObject({ output: ["a"] });
});

test("a clock that runs fast takes no function's time away: it has ten real seconds", async () => {
  const host = await startHost({ app: appWith("00:05:00") });
  expect(await run(host, "fanOut", HOUR_OF_WORK)).toMatchObject({ output: ["a"] });
});

const NOTE = { name: "Sluggish", key: "one", operation: "note", input: "a" };

test("an entity's operations that take longer than functionTimeout are delivered anew, and count once", async () => {
  const host = await startHost({ app: appWith("00:05:00"), leastFunctionSeconds: 0 });
  expect(await run(host, "ordersEntities", [NOTE, { ...NOTE, input: "b" }])).toMatchObject({ output: [1, 2] });
  const done = host.clock.now() - TEST_START;
  expect(done).toBeGreaterThanOrEqual(600_000);
  expect(done).toBeLessThan(700_000);

  // What the function that nobody could stop answers in the end is nobody's any more.
  await host.clock.sleep(3_600_000);
  expect((await durable(host, "GET", "/entities/sluggish/one")).body).toEqual(["a", "b"]);
});
