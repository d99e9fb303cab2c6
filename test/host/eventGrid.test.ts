import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startHost } from "../support/host.ts";
import { temporaryFolder } from "../support/hostProcess.ts";

const app = join(import.meta.dirname, "app");

async function eventGridHost({ requireKeys = false } = {}) {
  const file = join(temporaryFolder(), "trace");
  const env = { NIGHTLY: "0 30 1 * * *", TRACE_FILE: file, "AzureWebJobs.everyTenSeconds.Disabled": "true" };
  const host = await startHost({ app, env, requireKeys });
  const path = "/runtime/webhooks/eventgrid";
  return {
    host,
    deliver: (type: string, body: unknown, query = "functionName=onEvent") =>
      fetch(`${host.url}${path}?${query}`, {
        method: "POST",
        headers: { "aeg-event-type": type, "content-type": "application/json" },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    options: (origin: string) =>
      fetch(`${host.url}${path}?functionName=onEvent`, {
        method: "OPTIONS",
        headers: { "webhook-request-origin": origin },
      }),
    delivered: () =>
      (existsSync(file) ? readFileSync(file, "utf8") : "").split("\n").filter((line) => line.includes("{")),
  };
}

describe("the handshake", () => {
  test("of the Event Grid schema answers with the code that came", async () => {
    const { deliver } = await eventGridHost();
    const answer = await deliver("SubscriptionValidation", [{ id: "1", data: { validationCode: "512d38b6" } }]);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ validationResponse: "512d38b6" });
  });

  test("of a single event takes data that is a text", async () => {
    const { deliver } = await eventGridHost();
    const answer = await deliver("SubscriptionValidation", { data: '{"validationCode":"x"}' });
    expect(await answer.json()).toEqual({ validationResponse: "x" });
  });

  test.each([
    ["eventgrid.azure.us", "eventgrid.azure.us"],
    ["somebody.else", "eventgrid.azure.net"],
  ])("of CloudEvents from %s allows %s", async (origin, allowed) => {
    const { options } = await eventGridHost();
    const answer = await options(origin);
    expect([answer.status, answer.headers.get("webhook-allowed-origin")]).toEqual([200, allowed]);
  });
});

describe("events", () => {
  test("of the Event Grid schema come in arrays, each to a call of its own", async () => {
    const { deliver, delivered } = await eventGridHost();
    const events = ["one", "two"].map((id) => ({ id, subject: "s", eventType: "t", data: { of: id } }));
    expect((await deliver("Notification", events)).status).toBe(202);
    expect(delivered()).toEqual(['one {"of":"one"} {"of":"one"}', 'two {"of":"two"} {"of":"two"}']);
  });

  test("in CloudEvents come one by one", async () => {
    const { deliver, delivered } = await eventGridHost();
    expect((await deliver("Notification", { specversion: "1.0", id: "one", type: "t", data: {} })).status).toBe(202);
    expect(delivered()).toEqual(["one {} {}"]);
  });

  test("are all to be sent again when the function fails for one", async () => {
    const { deliver } = await eventGridHost();
    const answer = await deliver("Notification", [
      { id: "one", data: {} },
      { id: "two", data: { fail: true } },
    ]);
    expect([answer.status, await answer.text()]).toEqual([
      500,
      "Exception while executing function: Functions.onEvent",
    ]);
  });

  test.each([
    ["an unknown function", "Notification", [], "functionName=noSuch", 404],
    ["a function of another kind", "Notification", [], "functionName=show", 404],
    ["no kind", "", [], "functionName=onEvent", 400],
    ["an unsubscription", "Unsubscribe", [], "functionName=onEvent", 202],
    ["no JSON", "Notification", "{bad", "functionName=onEvent", 500],
    ["a validation without a code", "SubscriptionValidation", [], "functionName=onEvent", 500],
  ])("with %s are answered as the extension does", async (_, type, body, query, status) => {
    const { deliver, delivered } = await eventGridHost();
    expect((await deliver(type, body, query)).status).toBe(status);
    expect(delivered()).toEqual([]);
  });

  test("need the extension's own key, which an administrator can look up", async () => {
    const { host, deliver } = await eventGridHost({ requireKeys: true });
    const status = async (code: string) =>
      (await deliver("Notification", [], `functionName=onEvent&code=${code}`)).status;
    const headers = { "x-functions-key": host.masterKey };
    const keys = `${host.url}/admin/host/systemkeys`;
    const { keys: all } = (await (await fetch(keys, { headers })).json()) as {
      keys: { name: string; value: string }[];
    };
    const valueOf = (name: string) => all.find((key) => key.name === name)?.value ?? "";
    expect(await status("")).toBe(401);
    expect(await status(host.hostKey)).toBe(401);
    expect(await status(valueOf("durabletask_extension"))).toBe(401);
    expect(await status(host.eventGridKey)).toBe(202);
    expect(await status(host.masterKey)).toBe(202);
    expect(await (await fetch(`${keys}/eventgrid_extension`, { headers })).json()).toMatchObject({
      value: host.eventGridKey,
    });
  });
});
