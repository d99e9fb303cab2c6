import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startHost, TEST_START } from "../support/host.ts";
import { durable, run, shown, startInstance } from "../support/hostClient.ts";
import { temporaryFolder } from "../support/hostProcess.ts";

const app = join(import.meta.dirname, "app");
const env = { NIGHTLY: "0 30 1 * * *", "AzureWebJobs.everyTenSeconds.Disabled": "true" };
const host = () => startHost({ app, env });

const note = (input: string, more: object = {}) => ({ key: "one", operation: "note", input, ...more });
const read = { key: "one", operation: "read" };

describe("what an orchestration asks of entities", () => {
  test("is done in the order in which it was sent, calls and signals alike", async () => {
    const orders = [note("a"), note("b", { signal: true }), note("c", { signal: true }), note("d"), read];
    const { output } = await run(await host(), "ordersEntities", orders);
    expect(output).toEqual([1, 4, ["a", "b", "c", "d"]]);
  });

  test("stands in its history as a request and an event that is named after it", async () => {
    const it = await host();
    await run(it, "asksTwiceAtOnce");
    const history = it.hub.instances.get("one")?.history ?? [];
    const requests = history.flatMap((event) =>
      event.EventType === 14 ? [JSON.parse(event.Input) as Record<string, unknown>] : [],
    );
    const answers = history.filter((event) => event.EventType === 15);
    expect(requests).toMatchObject([
      { op: "note", input: '"x"', parent: "one", Predecessor: "0001-01-01T00:00:00" },
      { op: "note", parent: "one", Predecessor: requests[0]?.["Timestamp"] },
    ]);
    expect(answers.map(({ Name }) => Name)).toEqual(requests.map(({ id }) => id));
    expect(answers.map(({ Input }) => (JSON.parse(Input ?? "") as { result: string }).result)).toEqual(["1", "2"]);
  });

  test("loses an error's message, and keeps the state that was set before it", async () => {
    const orders = [{ key: "one", operation: "noteAndThrow" }, read];
    expect((await run(await host(), "ordersEntities", orders)).output).toEqual([
      "caught Error: [object Object]",
      ["thrown"],
    ]);
  });

  test("begins anew after a deletion", async () => {
    const isNew = { key: "one", operation: "isNew" };
    const orders = [isNew, note("a"), isNew, { key: "one", operation: "close" }, isNew, read];
    expect((await run(await host(), "ordersEntities", orders)).output).toEqual([true, 1, false, null, true, []]);
  });

  test("is asked of it again five minutes after its function failed as a whole, by a time-out say", async () => {
    let failures = 1;
    const it = await startHost({
      app,
      env,
      wrapFunctions: (functions) => ({
        ...functions,
        callEntity: (batch) =>
          failures-- > 0 ? Promise.reject(new Error("Timeout value exceeded")) : functions.callEntity(batch),
      }),
    });
    expect((await run(it, "ordersEntities", [note("a"), read])).output).toEqual([1, ["a"]]);
    expect(it.clock.now() - TEST_START).toBeGreaterThanOrEqual(300_000);
    expect(it.clock.now() - TEST_START).toBeLessThan(310_000);
  });

  test("reaches another entity by a signal", async () => {
    const it = await host();
    await run(it, "ordersEntities", [{ key: "one", operation: "pass", input: "passed on" }]);
    expect((await durable(it, "GET", "/entities/account/other")).body).toEqual(["passed on"]);
  });

  test("hangs when there is no such entity, and fails when it is only a signal", async () => {
    const it = await host();
    const order = { name: "noSuch", key: "one", operation: "x" };
    await startInstance(it, "ordersEntities", "hanging", [order]);
    await it.clock.sleep(3_600_000);
    expect(it.hub.instances.get("hanging")?.runtimeStatus).toBe("Running");
    expect(await run(it, "ordersEntities", [{ ...order, signal: true }])).toMatchObject({
      runtimeStatus: "Failed",
      output: expect.stringMatching(/'nosuch' doesn't exist/) as string,
    });
  });

  test("cannot be a lock", async () => {
    expect(await run(await host(), "locksEntity")).toMatchObject({
      runtimeStatus: "Failed",
      output: expect.stringContaining(
        "lock requires a Durable Functions extension that supports OOProc schema V4",
      ) as string,
    });
  });
});

describe("the entities API", () => {
  test("takes signals, which are performed in the order in which they came", async () => {
    const it = await host();
    for (const text of ["a", "b", "c"]) {
      const sent = await fetch(`${it.url}/runtime/webhooks/durabletask/entities/ACCOUNT/one?op=note`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(text),
      });
      expect(sent.status).toBe(202);
    }
    await it.clock.sleep(1_000);
    expect(await durable(it, "GET", "/entities/Account/one")).toMatchObject({ status: 200, body: ["a", "b", "c"] });
  });

  test("does not find what was never asked or was deleted, and refuses unknown names", async () => {
    const it = await host();
    expect((await durable(it, "GET", "/entities/account/one")).status).toBe(404);
    await durable(it, "POST", "/entities/account/one?op=note");
    await durable(it, "DELETE", "/entities/account/one");
    await durable(it, "POST", "/entities/account/one?op=close");
    await it.clock.sleep(1_000);
    expect((await durable(it, "GET", "/entities/account/one")).status).toBe(404);
    expect(await durable(it, "POST", "/entities/noSuch/one?op=x")).toMatchObject({
      status: 400,
      body: { Message: expect.stringMatching(/^The function 'nosuch' doesn't exist.*'Account'/) as string },
    });
  });

  test("shows an entity as an instance that runs, and lists it among them", async () => {
    const it = await host();
    await durable(it, "POST", "/entities/account/one?op=note");
    await it.clock.sleep(1_000);
    const name = "@account@one";
    expect(await shown(it, name)).toMatchObject({
      name,
      runtimeStatus: "Running",
      customStatus: { entityExists: true },
    });
    expect((await durable(it, "GET", "/instances?instanceIdPrefix=@account")).body).toMatchObject([{ name }]);
  });

  test("lists the entities that exist, by name and time, with their state where it is asked for", async () => {
    const it = await host();
    for (const key of ["one", "two", "gone"]) await durable(it, "POST", `/entities/account/${key}?op=note`);
    await durable(it, "POST", "/entities/account/gone?op=close");
    await it.clock.sleep(60_000);
    await durable(it, "POST", "/entities/account/two?op=note");
    await it.clock.sleep(1_000);

    const list = async (rest: string) => (await durable(it, "GET", `/entities${rest}`)).body;
    const one = { entityId: { name: "account", key: "one" }, state: null };
    const two = { entityId: { name: "account", key: "two" }, state: null };
    expect(await list("")).toMatchObject([one, two]);
    expect(await list("/ACCOUNT?fetchState=true")).toMatchObject([
      { ...one, state: ["nothing"] },
      { ...two, state: ["nothing", "nothing"] },
    ]);
    expect(await list("/other")).toEqual([]);
    const minute = new Date(TEST_START + 30_000).toISOString();
    expect(await list(`?lastOperationTimeFrom=${minute}`)).toMatchObject([two]);
    expect(await list(`?lastOperationTimeTo=${minute}`)).toMatchObject([one]);
  });

  test("lists in pages", async () => {
    const it = await host();
    for (const key of ["a", "b", "c"]) await durable(it, "POST", `/entities/account/${key}?op=note`);
    await it.clock.sleep(1_000);
    const first = await durable(it, "GET", "/entities/account?top=2");
    expect(first.body).toMatchObject([{ entityId: { key: "a" } }, { entityId: { key: "b" } }]);
    const token = first.headers.get("x-ms-continuation-token") ?? "";
    const url = `${it.url}/runtime/webhooks/durabletask/entities/account?top=2`;
    const second = await fetch(url, { headers: { "x-ms-continuation-token": token } });
    expect(await second.json()).toMatchObject([{ entityId: { key: "c" } }]);
    expect(second.headers.has("x-ms-continuation-token")).toBe(false);
  });

  test("refuses to tell something to nobody", async () => {
    expect(await durable(await host(), "POST", "/entities/account?op=note")).toMatchObject({
      status: 400,
      body: { Message: "Invalid entity id: entity key must not be null. (Parameter 'entityKey')" },
    });
  });
});

test("an entity's state is what it was when the host is started again", async () => {
  const stateFolder = join(temporaryFolder(), "state");
  const first = await startHost({ app, env, stateFolder, compactAboveBytes: 2_000 });
  await run(first, "ordersEntities", [note("a"), note("b")]);
  await first.close();
  const second = await startHost({ app, env, stateFolder, clock: first.clock });
  expect((await run(second, "ordersEntities", [note("c"), read], "two")).output).toEqual([3, ["a", "b", "c"]]);
});

test.each(["terminate", "suspend", "resume", "rewind", "restart"])(
  "to %s an entity is answered with 501",
  async (what) => {
    const it = await host();
    await durable(it, "POST", "/entities/account/one?op=note");
    const answer = await durable(it, "POST", `/instances/@account@one/${what}?reason=x`);
    expect(answer).toMatchObject({ status: 501, body: { Message: `This host does not ${what} entities.` } });
    expect((await durable(it, "GET", "/entities/account/one")).body).toEqual(["nothing"]);
  },
);
