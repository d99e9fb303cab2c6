import { join } from "node:path";
import { expect, test } from "vitest";
import { startHost, type TestHost } from "../support/host.ts";
import { durable, run, startInstance } from "../support/hostClient.ts";

const app = join(import.meta.dirname, "app");
const env = { NIGHTLY: "0 30 1 * * *", "AzureWebJobs.everyTenSeconds.Disabled": "true" };
const host = () => startHost({ app, env });

/** Calls the library's own client inside the app. */
async function client(
  it: TestHost,
  method: string,
  ...args: unknown[]
): Promise<{ result?: unknown; message?: string }> {
  const response = await fetch(`${it.url}/api/client/${method}`, { method: "POST", body: JSON.stringify(args) });
  return (await response.json()) as { result?: unknown; message?: string };
}

test("a start is answered with the URLs that manage the instance, at the caller's own address", async () => {
  const it = await host();
  const { status, headers, body } = await durable(it, "POST", "/orchestrators/sequence/one", { names: [] });
  expect(status).toBe(202);
  expect(headers.get("retry-after")).toBe("10");
  expect(body).toMatchObject({ id: "one", statusQueryGetUri: headers.get("location") as string });
  expect(headers.get("location")).toMatch(`${it.url}/runtime/webhooks/durabletask/instances/one?taskHub=TestHub`);
  await it.instance("one");
  expect((await fetch(headers.get("location") as string)).status).toBe(200);
});

test("the status of what runs says where to ask again, and tells times in whole seconds", async () => {
  const it = await host();
  await it.clock.sleep(123);
  await startInstance(it, "twoWaits", "one");
  await it.instance("one", ({ runtimeStatus }) => runtimeStatus === "Running");
  const path = "/runtime/webhooks/durabletask/instances/one";
  const response = await fetch(`${it.url}${path}?taskHub=TestHub&connection=Storage&code=key&showInput=false`);
  expect(response.status).toBe(202);
  expect(response.headers.get("location")).toBe(`${it.url}${path}?code=key&showInput=false`);
  expect(await response.json()).toMatchObject({
    createdTime: "2030-01-01T00:00:00Z",
    lastUpdatedTime: "2030-01-01T00:00:00Z",
  });
});

test("an id that no header can hold is percent-encoded in the Location", async () => {
  const it = await host();
  const { status, headers } = await durable(it, "POST", "/orchestrators/sequence/%E2%82%AC", { names: [] });
  expect([status, headers.get("location")]).toEqual([202, expect.stringContaining("/instances/%E2%82%AC?")]);
  await it.instance("€");
  expect((await fetch(headers.get("location") as string)).status).toBe(200);
});

test("without a body the input is an empty text, with null it is null", async () => {
  const it = await host();
  expect((await run(it, "returnsInput")).output).toEqual({ type: "string", value: "" });
  expect((await run(it, "returnsInput", null, "two")).output).toEqual({ type: "object", value: null });
});

test("unknown names, bad ids and bad JSON are refused with the extension's messages", async () => {
  const it = await host();
  const start = (path: string, body?: unknown) => durable(it, "POST", `/orchestrators/${path}`, body);
  expect(await start("noSuch")).toMatchObject({
    status: 400,
    body: { ExceptionMessage: expect.stringContaining("is not an orchestrator function") as string },
  });
  expect((await start("sequence/@one")).status).toBe(400);
  expect((await start(`sequence/${"x".repeat(257)}`)).status).toBe(400);
  const bad = await fetch(`${it.url}/runtime/webhooks/durabletask/orchestrators/sequence`, {
    method: "POST",
    body: "{bad",
  });
  expect(bad.status).toBe(400);
});

test("the id of a running instance is refused, that of an ended one starts anew", async () => {
  const it = await host();
  await startInstance(it, "twoWaits", "one");
  expect(await durable(it, "POST", "/orchestrators/twoWaits/one")).toMatchObject({
    status: 500,
    body: {
      ExceptionMessage: expect.stringMatching(
        /^An Orchestration instance with the status \w+ already exists\.$/,
      ) as string,
    },
  });
  await durable(it, "POST", "/instances/one/terminate?reason=x");
  await it.instance("one");
  expect(await run(it, "returnsInput", 5)).toMatchObject({ name: "returnsInput", output: { value: 5 } });
});

test("of many starts at once with one id, one is accepted", async () => {
  const it = await host();
  const starts = await Promise.all([1, 2, 3, 4].map(() => durable(it, "POST", "/orchestrators/twoWaits/one")));
  expect(starts.filter(({ status }) => status === 202)).toHaveLength(1);
});

test("the status is 202 while running, 200 when ended, 404 for an id in another case", async () => {
  const it = await host();
  await startInstance(it, "twoWaits", "one");
  expect((await durable(it, "GET", "/instances/one")).status).toBe(202);
  expect((await durable(it, "GET", "/instances/ONE")).status).toBe(404);
  expect((await run(it, "fails", undefined, "two")).runtimeStatus).toBe("Failed");
  expect((await durable(it, "GET", "/instances/two")).status).toBe(200);
  expect((await durable(it, "GET", "/instances/two?returnInternalServerErrorOnFailure=true")).status).toBe(500);
});

test("a history folds what was scheduled into its completion", async () => {
  const { historyEvents } = await run(await host(), "sequence", { names: ["a"] });
  expect(historyEvents?.map(({ EventType }) => EventType)).toEqual([
    "ExecutionStarted",
    "TaskCompleted",
    "ExecutionCompleted",
  ]);
  expect(historyEvents?.[1]).toMatchObject({ FunctionName: "traced", Result: "a" });
});

test("lists are filtered by status, prefix and time, and come in pages", async () => {
  const it = await host();
  for (const id of ["a1", "a2", "b1"]) await run(it, "sequence", { names: [] }, id);
  await startInstance(it, "twoWaits", "a3");
  await it.instance("a3", ({ runtimeStatus }) => runtimeStatus === "Running");
  const ids = async (query: string) =>
    ((await durable(it, "GET", `/instances?${query}`)).body as { instanceId: string }[]).map((item) => item.instanceId);
  expect(await ids("instanceIdPrefix=a")).toEqual(["a1", "a2", "a3"]);
  expect(await ids("runtimeStatus=Completed")).toEqual(["a1", "a2", "b1"]);
  expect(await ids("createdTimeFrom=2099-01-01T00:00:00Z")).toEqual([]);
  const first = await durable(it, "GET", "/instances?top=3");
  expect(first.body).toHaveLength(3);
  const token = first.headers.get("x-ms-continuation-token") as string;
  const rest = await fetch(`${it.url}/runtime/webhooks/durabletask/instances?top=3`, {
    headers: { "x-ms-continuation-token": token },
  });
  expect(await rest.json()).toMatchObject([{ instanceId: "b1" }]);
});

test("an instance can be started once more, under a new id or its own", async () => {
  const it = await host();
  await run(it, "returnsInput", 5);
  const restart = (id: string, query = "") => durable(it, "POST", `/instances/${id}/restart${query}`);
  const { body } = await restart("one");
  const { id } = body as { id: string };
  expect(id).not.toBe("one");
  expect(await it.instance(id)).toMatchObject({ name: "returnsInput", input: "5" });
  expect((await restart("one", "?restartWithNewInstanceId=false")).body).toMatchObject({ id: "one" });
  expect((await restart("none")).status).toBe(400);
});

test("a purge removes an instance in whatever state, once", async () => {
  const it = await host();
  await startInstance(it, "twoWaits", "one");
  expect(await durable(it, "DELETE", "/instances/one")).toMatchObject({ status: 200, body: { instancesDeleted: 1 } });
  expect((await durable(it, "DELETE", "/instances/one")).status).toBe(404);
  expect((await durable(it, "GET", "/instances/one")).status).toBe(404);
});

test("an instance that is purged and begun anew while its function runs keeps the new state", async () => {
  const it = await host();
  await startInstance(it, "suspendable", "one");
  await durable(it, "DELETE", "/instances/one");
  await startInstance(it, "twoWaits", "one");
  await it.clock.sleep(60_000);
  expect(it.hub.instances.get("one")).toMatchObject({ name: "twoWaits", runtimeStatus: "Running" });
});

test("a purge by filter needs a time, and takes an unknown status for none", async () => {
  const it = await host();
  await run(it, "sequence", { names: [] });
  await run(it, "fails", undefined, "two");
  expect((await durable(it, "DELETE", "/instances")).status).toBe(400);
  const purge = (status: string) =>
    durable(it, "DELETE", `/instances?createdTimeFrom=2020-01-01T00:00:00Z&runtimeStatus=${status}`);
  expect((await purge("Failed")).body).toEqual({ instancesDeleted: 1 });
  expect((await purge("Running")).body).toEqual({ instancesDeleted: 1 });
});

test("the library's client starts, asks, raises and purges through the endpoint without a key", async () => {
  const it = await startHost({ app, env, requireKeys: true });
  expect(await client(it, "startNew", "suspendable", { instanceId: "one" })).toEqual({ result: "one" });
  await it.instance("one", ({ runtimeStatus }) => runtimeStatus === "Running");
  expect(await client(it, "raiseEvent", "one", "Go", { a: 1 })).toEqual({ result: null });
  await it.instance("one");
  expect((await client(it, "getStatus", "one")).result).toMatchObject({ output: [{ a: 1 }, "after"] });
  expect((await client(it, "purgeInstanceHistory", "one")).result).toEqual({ instancesDeleted: 1 });
  expect((await client(it, "raiseEvent", "one", "Go", 1)).message).toBe("No instance with ID 'one' found.");
});
