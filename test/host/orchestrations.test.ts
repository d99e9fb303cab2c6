import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startHost, TEST_START } from "../support/host.ts";
import { durable, eventTypes, run, shown, startInstance } from "../support/hostClient.ts";

const app = join(import.meta.dirname, "app");
const env = { NIGHTLY: "0 30 1 * * *", "AzureWebJobs.everyTenSeconds.Disabled": "true" };
const host = () => startHost({ app, env });

const isRunning = ({ runtimeStatus }: { runtimeStatus: string }) => runtimeStatus === "Running";

describe("activities", () => {
  test("run one after another, and each batch of the history is framed by 12 and 13", async () => {
    const it = await host();
    const result = await run(it, "sequence", { names: ["a", "b"] });
    expect(result).toMatchObject({ runtimeStatus: "Completed", output: ["a", "b"], customStatus: { done: 2 } });
    expect(eventTypes(it)).toEqual([12, 0, 4, 13, 12, 5, 4, 13, 12, 5, 1, 13]);
  });

  test("get odd inputs as the extension hands them over", async () => {
    const result = await run(await host(), "describesInputs");
    expect(result.output).toEqual([
      "undefined",
      "undefined",
      "number 0",
      'string "False"',
      'string ""',
      'string "text"',
      'string "123"',
      "object [1]",
      'object {"a":1}',
    ]);
  });

  test("that throw null succeed with null", async () => {
    expect(await run(await host(), "callsThrowNull")).toMatchObject({ runtimeStatus: "Completed", output: null });
  });

  test("with an unknown name are never run, and the orchestration hangs", async () => {
    const it = await host();
    await startInstance(it, "callsUnknown", "one");
    await it.clock.sleep(3_600_000);
    expect(it.hub.instances.get("one")).toMatchObject({ runtimeStatus: "Running" });
    expect(eventTypes(it)).toEqual([12, 0, 13]);
  });

  test("are not more at once than host.json allows", async () => {
    const it = await host();
    const items = ["a", "b", "c", "d", "e"].map((name) => ({ name, milliseconds: 60_000 }));
    await startInstance(it, "fanOut", "one", { items });
    await it.clock.sleep(30_000);
    expect([...it.hub.activities.values()].filter(({ fetchedAt }) => fetchedAt !== null)).toHaveLength(4);
    expect((await it.instance("one")).output).toBe('["a","b","c","d","e"]');
  });
});

describe("retries", () => {
  test("back off by timers that the host sets", async () => {
    const it = await host();
    const result = await run(it, "retries", { failures: 2, attempts: 5, interval: 4000 });
    expect(result.output).toBe(3);
    const history = it.hub.instances.get("one")?.history ?? [];
    const delays = history.flatMap((event) =>
      event.EventType === 10 ? Date.parse(event.FireAt) - Date.parse(event.Timestamp) : [],
    );
    expect(delays).toEqual([4000, 8000]);
  });

  test("that are exhausted end with one more timer, due at once, before user code hears of it", async () => {
    const it = await host();
    const result = await run(it, "retries", { failures: 9, attempts: 2, interval: 2000 });
    expect(result.output).toBe("caught Activity function 'flaky' failed:  failure 2");
    const essential = eventTypes(it).filter((type) => type !== 12 && type !== 13);
    expect(essential).toEqual([0, 4, 6, 10, 11, 4, 6, 10, 11, 1]);
  });

  test("that run into their time-out hang", async () => {
    const it = await host();
    await startInstance(it, "retries", "one", { failures: 9, attempts: 9, interval: 5000, timeout: 6000 });
    await it.clock.sleep(3_600_000);
    expect(it.hub.instances.get("one")?.runtimeStatus).toBe("Running");
  });
});

describe("timers", () => {
  test.each([
    [1_000, 20],
    [2_000, 1_000],
    [60_000, 59_000],
  ])("of %i ms fire after %i ms: the delay is cut to whole seconds", async (milliseconds, real) => {
    const it = await host();
    await startInstance(it, "waits", "one", { milliseconds });
    const { lastUpdatedTime, createdTime } = await it.instance("one");
    expect(lastUpdatedTime - createdTime).toBe(real);
  });

  test("beyond six days are waited for in pieces of three", async () => {
    const it = await host();
    const days = 24 * 3_600_000;
    await startInstance(it, "waits", "one", { milliseconds: 8 * days });
    await it.clock.sleep(9 * days);
    const created = it.hub.instances.get("one")?.history.filter((event) => event.EventType === 10) ?? [];
    const due = created.map((event) => Math.round((Date.parse(event.FireAt) - TEST_START) / days));
    expect([...new Set(due)]).toEqual([3, 6, 8]);
    expect(it.hub.instances.get("one")?.runtimeStatus).toBe("Completed");
  });

  test("that nobody cancelled keep the instance running until they fire", async () => {
    const it = await host();
    await startInstance(it, "eventOrTimeout", "one", { milliseconds: 3_600_000, keepTimer: true });
    await durable(it, "POST", "/instances/one/raiseEvent/Go", 1);
    await it.clock.sleep(60_000);
    expect(it.hub.instances.get("one")?.runtimeStatus).toBe("Running");
    const { lastUpdatedTime, output } = await it.instance("one");
    expect(output).toBe('{"data":1}');
    expect(lastUpdatedTime - TEST_START).toBeGreaterThan(3_590_000);
  });
});

describe("events", () => {
  test("win over a timer, which is cancelled; the instance ends at once", async () => {
    const it = await host();
    await startInstance(it, "eventOrTimeout", "one", { milliseconds: 3_600_000 });
    await it.instance("one", isRunning);
    expect((await durable(it, "POST", "/instances/one/raiseEvent/Go", { by: "me" })).status).toBe(202);
    const { lastUpdatedTime, output } = await it.instance("one");
    expect(output).toBe('{"data":{"by":"me"}}');
    expect(lastUpdatedTime - TEST_START).toBeLessThan(60_000);
  });

  test("go to the wait that was opened last", async () => {
    const it = await host();
    await startInstance(it, "twoWaits", "one");
    await durable(it, "POST", "/instances/one/raiseEvent/Go", "first");
    await it.clock.sleep(1000);
    await durable(it, "POST", "/instances/one/raiseEvent/Go", "second");
    expect((await it.instance("one")).output).toBe('["second","first"]');
  });

  test("are lost in a continueAsNew that came before they were taken", async () => {
    const it = await host();
    await startInstance(it, "eventRounds", "one", { seen: [] });
    await it.instance("one", isRunning);
    for (const value of [1, 2]) await durable(it, "POST", "/instances/one/raiseEvent/Go", value);
    await it.clock.sleep(60_000);
    expect(it.hub.instances.get("one")?.input).toBe('{"seen":[1]}');
    expect(it.hub.instances.get("one")?.runtimeStatus).toBe("Running");
  });

  test("for unknown and for ended instances are told apart, and what is no JSON is refused", async () => {
    const it = await host();
    await startInstance(it, "twoWaits", "two");
    await run(it, "sequence", { names: [] });
    const raise = (id: string, body?: unknown) => durable(it, "POST", `/instances/${id}/raiseEvent/Go`, body);
    expect((await raise("none", 1)).status).toBe(404);
    expect((await raise("one", 1)).status).toBe(410);
    expect(await raise("two")).toMatchObject({ status: 400, body: { Message: "Invalid JSON content" } });
  });
});

describe("sub-orchestrations", () => {
  test("hand their result to the parent, and know it", async () => {
    const it = await host();
    const result = await run(it, "parent", { child: "returnsInput", input: { a: 1 }, ownId: true });
    expect(result.output).toEqual({ ok: { type: "object", value: { a: 1 } } });
    expect(it.hub.instances.get("one-child")?.parent).toMatchObject({ Name: "parent" });
  });

  test("that fail tell the parent no more than the message", async () => {
    const result = await run(await host(), "parent", { child: "fails" });
    expect(result.output).toEqual({ caught: "Orchestrator function 'fails' failed: it went wrong" });
  });

  test("are retried under the same explicit id", async () => {
    const it = await host();
    await run(it, "parent", { child: "fails", ownId: true, attempts: 2 });
    const created = it.hub.instances.get("one")?.history.filter((event) => event.EventType === 7);
    expect(created?.map((event) => event.InstanceId)).toEqual(["one-child", "one-child"]);
  });

  test("take the place of a running instance with their id", async () => {
    const it = await host();
    await startInstance(it, "twoWaits", "one-child");
    await run(it, "parent", { child: "returnsInput", input: 1, ownId: true });
    expect(await shown(it, "one-child")).toMatchObject({ name: "returnsInput", runtimeStatus: "Completed" });
  });

  test("go on when they have lost a race, and can still be waited for", async () => {
    const it = await host();
    expect((await run(it, "racesChild", { races: 1 })).output).toBe("waited");
    expect(eventTypes(it).filter((type) => type === 7)).toHaveLength(1);
  });

  test("are started anew, in their own place, by a second race that names them", async () => {
    const it = await host();
    await startInstance(it, "racesChild", "one", { races: 2 });
    const child = await it.instance("one-child", isRunning);
    await it.clock.sleep(15_000);
    const created = it.hub.instances.get("one")?.history.filter((event) => event.EventType === 7);
    expect(created?.map((event) => event.InstanceId)).toEqual(["one-child", "one-child"]);
    expect(it.hub.instances.get("one-child")?.executionId).not.toBe(child.executionId);
  });
});

describe("ends", () => {
  test("a continueAsNew begins a new execution under the same id, with a short history", async () => {
    const it = await host();
    const result = await run(it, "rounds", { round: 1, last: 3 });
    expect(result).toMatchObject({ output: "3 rounds", input: { round: 3, last: 3 } });
    expect(eventTypes(it)).toEqual([12, 0, 13, 4, 13, 12, 5, 1, 13]);
  });

  test("a failed Task.all waits for the slowest sibling before the instance ends", async () => {
    const it = await host();
    const items = [
      { name: "fast", milliseconds: 1_000, fail: "broke" },
      { name: "slow", milliseconds: 600_000 },
    ];
    const { output } = await run(it, "fanOut", { items });
    expect(output).toBe("caught Activity function 'slow' failed:  broke");
    expect(it.clock.now() - TEST_START).toBeGreaterThan(599_000);
  });

  test("an error fails the instance, its message in the output", async () => {
    expect(await run(await host(), "fails")).toMatchObject({
      runtimeStatus: "Failed",
      output: "Orchestrator function 'fails' failed: it went wrong",
    });
  });

  test("what is thrown and is no Error hangs", async () => {
    const it = await host();
    await startInstance(it, "throwsText", "one");
    await it.clock.sleep(3_600_000);
    expect(it.hub.instances.get("one")?.runtimeStatus).toBe("Running");
  });

  test("a replay that does something else fails the instance, and names the step", async () => {
    const it = await host();
    const instance = await run(it, "changesItsMind");
    // The new action was carried out all the same, and the history has two of one number.
    expect(instance).toMatchObject({ ExceptionMessage: expect.stringContaining("TaskScheduled_0") as string });
    expect((await durable(it, "GET", "/instances/one")).body).toMatchObject({
      runtimeStatus: "Failed",
      output: expect.stringMatching(/^Non-Deterministic workflow detected: .*named 'echo', but .*'describe'/) as string,
    });
  });

  test("a custom status of more than 16 KB fails the instance, and 16 KB does not", async () => {
    const it = await host();
    expect(await run(it, "bigStatus", 8_000)).toMatchObject({ runtimeStatus: "Completed" });
    expect(await run(it, "bigStatus", 9_000, "two")).toMatchObject({
      runtimeStatus: "Failed",
      output: expect.stringContaining("Non-Deterministic workflow detected") as string,
    });
  });

  test("a termination leaves its reason in the output, and does not reach a child", async () => {
    const it = await host();
    await startInstance(it, "parent", "one", { child: "twoWaits", ownId: true });
    await it.instance("one-child", isRunning);
    expect((await durable(it, "POST", "/instances/one/terminate?reason=enough")).status).toBe(202);
    await it.instance("one");
    expect(await shown(it, "one")).toMatchObject({ runtimeStatus: "Terminated", output: "enough" });
    expect(it.hub.instances.get("one-child")?.runtimeStatus).toBe("Running");
    expect((await durable(it, "POST", "/instances/one/terminate?reason=again")).status).toBe(410);
  });

  test("a suspended instance does nothing until it is resumed, and keeps its events", async () => {
    const it = await host();
    await startInstance(it, "suspendable", "one");
    await it.instance("one", isRunning);
    await durable(it, "POST", "/instances/one/suspend?reason=lunch");
    await it.instance("one", ({ runtimeStatus }) => runtimeStatus === "Suspended");
    expect(await shown(it, "one")).toMatchObject({ output: "lunch" });
    expect((await durable(it, "POST", "/instances/one/suspend?reason=again")).status).toBe(500);
    await durable(it, "POST", "/instances/one/raiseEvent/Go", "kept");
    await it.clock.sleep(60_000);
    expect(it.hub.instances.get("one")?.runtimeStatus).toBe("Suspended");
    await durable(it, "POST", "/instances/one/resume?reason=back");
    expect((await it.instance("one")).output).toBe('["kept","after"]');
  });
});

const rewind = async (it: { url: string }, id = "one") =>
  (await durable(it, "POST", `/instances/${id}/rewind?reason=mended`)).status;

describe("a rewind", () => {
  test("runs a failed activity again, keeps earlier results, and ends as if it had not failed", async () => {
    const it = await host();
    expect(await run(it, "breaksOnce")).toMatchObject({ runtimeStatus: "Failed" });
    expect(await rewind(it)).toBe(202);
    await it.instance("one");
    expect(await shown(it, "one")).toMatchObject({ runtimeStatus: "Completed", output: ["before", 2] });
    const types = eventTypes(it).filter((type) => type !== 12 && type !== 13);
    expect(types).toEqual([0, 4, 5, 17, 17, 17, 17, 4, 5, 1]);
  });

  test("goes down to the child that failed, and up again", async () => {
    const it = await host();
    await run(it, "relies", { child: "breaksOnce" });
    expect(it.hub.instances.get("one")?.runtimeStatus).toBe("Failed");
    expect(await rewind(it)).toBe(202);
    expect((await it.instance("one")).output).toBe('["before",2]');
  });

  test("is refused for what has not failed", async () => {
    const it = await host();
    await run(it, "sequence", { names: [] });
    await startInstance(it, "twoWaits", "two");
    expect(await rewind(it, "one")).toBe(410);
    expect(await rewind(it, "two")).toBe(500);
    expect(await rewind(it, "none")).toBe(404);
  });
});

test("a callHttp is answered with 501, and its request is not sent", async () => {
  const it = await host();
  expect(await run(it, "callsHttp")).toMatchObject({
    runtimeStatus: "Completed",
    output: { statusCode: 501, content: expect.stringContaining("does not support callHttp") as string },
    historyEvents: expect.arrayContaining([
      expect.objectContaining({ EventType: "TaskCompleted", FunctionName: "BuiltIn::HttpActivity" }),
    ]) as object[],
  });
});
