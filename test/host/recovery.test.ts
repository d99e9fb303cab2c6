import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { durable, shown, startInstance } from "../support/hostClient.ts";
import { ended, place, SPEED, until } from "../support/hostPlace.ts";

test("a timer that came due while the host was dead fires at once", async () => {
  const { start } = place();
  const first = await start();
  await startInstance(first, "waits", "one", { milliseconds: 60_000 });
  await until(
    () => shown(first, "one"),
    ({ runtimeStatus }) => runtimeStatus === "Running",
  );
  await first.kill();
  await sleep(1500);
  const second = await start();
  expect(await ended(second, "one")).toMatchObject({ output: "waited" });
});

test("an instance that waits for an event gets it after a kill, and its parent the child's result", async () => {
  const { start } = place();
  const first = await start();
  await startInstance(first, "parent", "one", { child: "suspendable", ownId: true });
  await until(
    () => durable(first, "GET", "/instances/one-child"),
    ({ status }) => status === 202,
  );
  await first.kill();
  const second = await start();
  expect((await durable(second, "POST", "/instances/one-child/raiseEvent/Go", 1)).status).toBe(202);
  expect((await ended(second, "one")).output).toEqual({ ok: [1, "after"] });
});

test("an event that was accepted right before a kill is not lost", async () => {
  const { start } = place();
  const first = await start("--redelivery", "5");
  await startInstance(first, "suspendable", "one");
  await durable(first, "POST", "/instances/one/raiseEvent/Go", "kept");
  await first.kill();
  expect((await ended(await start("--redelivery", "5"), "one")).output).toEqual(["kept", "after"]);
});

test("a retry chain goes on with its count after a kill between two attempts", async () => {
  const { start, trace } = place();
  const first = await start();
  await startInstance(first, "retries", "one", { failures: 9, attempts: 3, interval: 30_000 });
  await until(trace, (lines) => lines.length === 1);
  await until(
    () => shown(first, "one"),
    ({ historyEvents }) => historyEvents?.at(-1)?.EventType === "TimerCreated",
  );
  await first.kill();
  const second = await start();
  expect((await ended(second, "one")).output).toMatch(/^caught Activity function 'flaky' failed/);
  expect(trace()).toHaveLength(3);
});

test("an activity in flight is run again, but only after the redelivery time", async () => {
  const { start, trace } = place();
  const first = await start("--redelivery", "100");
  await startInstance(first, "inSlowSteps", "one", { names: ["a"], milliseconds: 10_000 });
  await until(trace, (lines) => lines.includes("a begun"));
  const begun = Date.now();
  await first.kill();
  const second = await start("--redelivery", "100");
  await until(trace, (lines) => lines.length === 2);
  expect((Date.now() - begun) * SPEED).toBeGreaterThan(95_000);
  expect((await ended(second, "one")).output).toEqual(["a"]);
  expect(trace()).toEqual(["a begun", "a begun", "a done"]);
});

test("killed again and again at odd moments, a build of steps ends as if nothing had been", async () => {
  const { start, trace } = place();
  const names = ["a", "b", "c", "d", "e", "f"];
  let host = await start("--redelivery", "5");
  await startInstance(host, "inSlowSteps", "one", { names, milliseconds: 3_000 });
  for (const pause of [3, 41, 77, 112, 9, 60]) {
    await sleep(pause);
    await host.kill();
    host = await start("--redelivery", "5");
  }
  expect((await ended(host, "one")).output).toEqual(names);
  const steps = trace().map((line) => line.split(" ")[0] as string);
  // Steps may be repeated, never skipped or swapped.
  expect(steps).toEqual(steps.toSorted());
  expect([...new Set(steps)]).toEqual(names);
});

test("killed at odd moments, an entity performs each operation once, and no answer is lost", async () => {
  const { start } = place();
  let host = await start("--redelivery", "5");
  const texts = Array.from({ length: 60 }, (_, at) => `entry ${at}`);
  const orders = texts.map((input) => ({ key: "one", operation: "note", input }));
  await startInstance(host, "ordersEntities", "one", orders);
  for (const pause of [2, 17, 5, 31, 11]) {
    await sleep(pause);
    await host.kill();
    host = await start("--redelivery", "5");
  }
  expect((await ended(host, "one")).output).toEqual(texts.map((_, at) => at + 1));
  expect((await durable(host, "GET", "/entities/account/one")).body).toEqual(texts);
});
