import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createTestHost, type TestHostOptions } from "../../local/functionsHost/testing/testHost.ts";
import type { CrashPoint } from "../../local/functionsHost/testing/faults.ts";
import { temporaryFolder } from "../support/hostProcess.ts";

const app = join(import.meta.dirname, "app");
const DAY = 24 * 3_600_000;

/** A host without sockets, and what its app did. */
async function open(options: Partial<TestHostOptions> = {}) {
  const file = join(temporaryFolder(), "trace");
  const env = { NIGHTLY: "0 30 1 * * *", TRACE_FILE: file, "AzureWebJobs.everyTenSeconds.Disabled": "true" };
  const host = await createTestHost({ app, env, ...options });
  onTestFinished(host.close);
  return {
    host,
    start: (name: string, id: string, input: unknown) =>
      host.send({
        method: "POST",
        path: `/runtime/webhooks/durabletask/orchestrators/${name}/${id}`,
        body: JSON.stringify(input),
      }),
    trace: () => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []),
  };
}

/** What the orchestrations did, without the timers. */
const stepsOf = (lines: string[]) => lines.filter((line) => !/on time|past due/.test(line));

test("a month of hourly timers passes in a moment", async () => {
  const { host, trace } = await open();
  const begun = performance.now();
  await host.clock.sleep(30 * DAY + 60_000);
  expect(trace().filter((line) => line.startsWith("hourly on time"))).toHaveLength(720);
  expect(trace().filter((line) => line.startsWith("fromSetting on time"))).toHaveLength(30);
  expect(performance.now() - begun).toBeLessThan(20_000);
});

test("an instance is given as soon as it has ended, and one that never ends is given up after a week", async () => {
  const { host, start } = await open();
  await start("inSlowSteps", "one", { names: ["a"], milliseconds: 70 });
  const { lastUpdatedTime } = await host.instance("one");
  expect(host.clock.now()).toBe(lastUpdatedTime);
  await start("suspendable", "two", null);
  await expect(host.instance("two")).rejects.toThrow("The instance two is still Running after a week.");
  expect(host.clock.now()).toBe(lastUpdatedTime + 7 * DAY);
});

test("while its storage is down a live host gets nowhere and answers nobody, and afterwards goes on", async () => {
  const { host, start } = await open();
  const begun = host.clock.now();
  host.storageDown(600);
  expect(() => host.crash()).toThrow("cannot crash here");
  const { status } = await start("inSlowSteps", "one", { names: ["a", "b"], milliseconds: 70 });
  expect(status).toBe(202);
  expect(host.clock.now() - begun).toBeGreaterThanOrEqual(600_000);
  await host.instance("one", ({ history }) => history.some(({ EventType }) => EventType === 5));
  host.storageDown(600);
  const { runtimeStatus, lastUpdatedTime } = await host.instance("one");
  expect(runtimeStatus).toBe("Completed");
  expect(lastUpdatedTime - begun).toBeGreaterThanOrEqual(1_200_000);
});

test("the longest that a history has been is known, also of what starts anew or is purged", async () => {
  const { host, start } = await open();
  await start("inSlowSteps", "one", { names: ["a", "b"], milliseconds: 70 });
  const { history } = await host.instance("one");
  const length = { name: "inSlowSteps", events: history.length, bytes: JSON.stringify(history).length };
  await start("inSlowSteps", "one", { names: ["a"], milliseconds: 70 });
  const { history: shorter } = await host.instance("one");
  expect(shorter.length).toBeLessThan(history.length);
  await host.send({ method: "DELETE", path: "/runtime/webhooks/durabletask/instances/one" });
  expect(host.hub.instances.has("one")).toBe(false);
  expect(host.histories.get("one")).toEqual(length);
});

/** All that can be seen of a run with a seed. */
async function runOnce(seed: string): Promise<string> {
  const { host, start } = await open({ seed, duplicateActivities: 0.5 });
  const { body } = await start("parent", "one", { child: "rounds", input: { round: 1, last: 3 } });
  await start("retries", "two", { failures: 2, attempts: 3, interval: 4000 });
  const instances = [await host.instance("one"), await host.instance("two")];
  const seen = JSON.stringify([body.toString(), instances, [...host.hub.instances]]);
  await host.close();
  return seen;
}

test("a reset leaves nothing but the keys, not even in the journal", async () => {
  const stateFolder = temporaryFolder();
  const { host, start } = await open({ stateFolder });
  await start("parent", "over", { child: "rounds", input: { round: 1, last: 2 } });
  await host.instance("over");
  await start("retries", "underway", { failures: 2, attempts: 3, interval: 3_600_000 });
  await host.instance("underway", ({ runtimeStatus }) => runtimeStatus === "Running");
  await host.reset();
  expect(host.hub).toEqual({ instances: new Map(), inboxes: new Map(), activities: new Map(), timers: new Map() });
  await start("rounds", "over", { round: 1, last: 1 });
  await host.instance("over");
  await host.clock.sleep(DAY);
  await host.close();

  const { host: after } = await open({ stateFolder });
  expect([...after.hub.instances.values()].map(({ name }) => name)).toEqual(["rounds"]);
  expect(after.masterKey).toBe(host.masterKey);
});

describe("without sockets", () => {
  test("requests are plain objects, and are answered as over HTTP", async () => {
    const { host } = await open({ requireKeys: true });
    const shown = await host.send({ path: "/api/show?x=1&x=2", headers: { "X-Test": "yes" } });
    expect(shown.status).toBe(200);
    expect(JSON.parse(shown.body.toString())).toMatchObject({
      url: "http://functions.host/api/show?x=1&x=2",
      query: [["x", "1,2"]],
      headers: { "x-test": "yes" },
    });
    expect((await host.send({ path: "/api/guarded" })).status).toBe(401);
    expect((await host.send({ path: `/api/guarded?code=${host.hostKey}` })).body.toString()).toBe("in");
  });

  test("the library's client reaches its endpoint all the same", async () => {
    const { host } = await open();
    const call = async (method: string, ...args: unknown[]) => {
      const { body } = await host.send({
        method: "POST",
        path: `/api/client/${method}`,
        body: JSON.stringify(args),
      });
      return JSON.parse(body.toString()) as { result: unknown };
    };
    expect(await call("startNew", "suspendable", { instanceId: "one" })).toEqual({ result: "one" });
    await host.instance("one", ({ runtimeStatus }) => runtimeStatus === "Running");
    await call("raiseEvent", "one", "Go", { a: 1 });
    expect((await host.instance("one")).output).toBe('[{"a":1},"after"]');
    expect((await call("getStatus", "one")).result).toMatchObject({ runtimeStatus: "Completed" });
  });

  test("one seed makes one run: ids, keys, times and histories are the same", async () => {
    const first = await runOnce("a");
    expect(await runOnce("a")).toBe(first);
    expect(await runOnce("b")).not.toBe(first);
  });
});

/** Crashes at the first of such moments. */
const once = (when: CrashPoint["when"]) => {
  let isOver = false;
  return (point: CrashPoint) => {
    if (isOver || point.when !== when) return false;
    isOver = true;
    return true;
  };
};

const afterEveryResult = (point: CrashPoint) => point.when === "afterResult";

test("a second host in the process knows nothing of the first: neither its hub nor the app's modules do", async () => {
  for (let round = 0; round < 2; round++) {
    const { host, start } = await open();
    expect(host.hub.instances.size).toBe(0);
    // The app counts the tries in a variable of its module.
    await start("retries", "one", { failures: 2, attempts: 3, interval: 1000 });
    expect((await host.instance("one")).output).toBe("3");
    await host.close();
  }
});

describe("faults by switch", () => {
  const names = ["a", "b", "c"];

  test("deliveries that take a while come in an order that the seed decides, and lead to the same end", async () => {
    const items = names.map((name) => ({ name, milliseconds: 5 }));
    const orderOf = async (seed: number, latestDeliveryMilliseconds: number) => {
      const { host, start, trace } = await open({ seed, latestDeliveryMilliseconds });
      await start("fanOut", "one", { items });
      const { output, history } = await host.instance("one");
      await host.close();
      expect(output).toBe('["a","b","c"]');
      const results = history.flatMap((event) => (event.EventType === 5 ? [event.TaskScheduledId] : []));
      return { begun: stepsOf(trace()).filter((line) => line.endsWith("begun")), results };
    };
    const seen = [];
    for (const seed of [1, 2, 3, 4, 5, 6]) seen.push(await orderOf(seed, 1000));
    expect(new Set(seen.map(({ begun }) => begun.join())).size).toBeGreaterThan(2);
    expect(new Set(seen.map(({ results }) => results.join())).size).toBeGreaterThan(1);
    expect(await orderOf(3, 1000)).toEqual(seen[2]);
    expect(await orderOf(3, 0)).toEqual({ begun: names.map((name) => `${name} begun`), results: [0, 1, 2] });
  });

  test("activities are delivered twice, and the orchestration goes on once", async () => {
    const { host, start, trace } = await open({ duplicateActivities: 1 });
    await start("sequence", "one", { names });
    expect((await host.instance("one")).output).toBe('["a","b","c"]');
    expect(stepsOf(trace())).toEqual(["a", "a", "b", "b", "c", "c"]);
    expect(host.hub.instances.get("one")?.history.filter(({ EventType }) => EventType === 5)).toHaveLength(3);
  });

  test("only those are delivered twice that a function picks", async () => {
    const { host, start, trace } = await open({ duplicateActivities: ({ instanceId }) => instanceId === "two" });
    for (const id of ["one", "two"]) {
      await start("sequence", id, { names: [id] });
      await host.instance(id);
    }
    expect(stepsOf(trace())).toEqual(["one", "two", "two"]);
  });

  test("a crash before the result is recorded has the activity run again, five minutes later", async () => {
    const { host, start, trace } = await open({ crash: once("beforeResult") });
    const begun = host.clock.now();
    await start("sequence", "one", { names });
    expect((await host.instance("one")).output).toBe('["a","b","c"]');
    expect(stepsOf(trace())).toEqual(["a", "a", "b", "c"]);
    expect(host.clock.now() - begun).toBeGreaterThanOrEqual(300_000);
  });

  test("a crash after the result is recorded repeats nothing", async () => {
    const { host, start, trace } = await open({ crash: once("afterResult") });
    const begun = host.clock.now();
    await start("sequence", "one", { names });
    expect((await host.instance("one")).output).toBe('["a","b","c"]');
    expect(stepsOf(trace())).toEqual(names);
    expect(host.clock.now() - begun).toBeLessThan(10_000);
  });

  test.each(["beforeResult", "afterResult"] as const)(
    "a crash %s of an entity leads to the same state and answers",
    async (when) => {
      const points: CrashPoint[] = [];
      const crash = (point: CrashPoint) => {
        if (point.kind !== "entity" || points.length > 0 || point.when !== when) return false;
        points.push(point);
        return true;
      };
      const { host, start } = await open({ crash });
      const note = { key: "one", operation: "note", input: "x" };
      await start("ordersEntities", "one", [note, note, { key: "one", operation: "read" }]);
      expect((await host.instance("one")).output).toBe('[1,2,["x","x"]]');
      expect(points).toEqual([{ when, kind: "entity", name: "@account@one", instanceId: "@account@one" }]);
    },
  );

  test("crashes at every result lead to the same end, with a journal as without", async () => {
    for (const stateFolder of [undefined, join(temporaryFolder(), "state")]) {
      const { host, start } = await open({ crash: afterEveryResult, ...(stateFolder ? { stateFolder } : {}) });
      await start("parent", "one", { child: "retries", input: { failures: 2, attempts: 3, interval: 4000 } });
      expect((await host.instance("one")).output).toBe('{"ok":3}');
      await host.close();
    }
  });

  test("a request that is under way when the host crashes has no answer", async () => {
    const { host } = await open();
    const waiting = host.send({
      method: "POST",
      path: "/runtime/webhooks/durabletask/orchestrators/waits?timeout=60",
      body: '{"milliseconds":30000}',
    });
    host.crash();
    await expect(waiting).rejects.toThrow("The host crashed");
  });
});
