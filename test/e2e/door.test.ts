import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gridEvent, validationEvent } from "../support/armEvents.ts";
import { TestStack } from "../support/stack.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
});
afterAll(() => stack.stop());

const json = { "Content-Type": "application/json" };
const BUILDS = "/api/images/aks-jumpbox/builds";
const KNOWN_FORM = "/api/builds/aks-jumpbox-20260115-020304-a7a7";
const decision = { method: "POST", headers: json, body: `{"reason":"x","planHash":"${"f".repeat(64)}"}` };
const keyed = (key: string) => ({ method: "POST", headers: { ...json, "Idempotency-Key": key }, body: "{}" });

describe("a request that cannot be granted", () => {
  it.each<[string, number, string, RequestInit]>([
    ["an idempotency key too long", 400, BUILDS, keyed("k".repeat(256))],
    ["an idempotency key that is no ASCII", 400, BUILDS, keyed("sch\u00f6n")],
    ["an empty idempotency key", 400, BUILDS, keyed("")],
    ["an unknown image", 404, "/api/images/no-such-image/builds", { method: "POST", headers: json, body: "{}" }],
    ["an image called __proto__", 404, "/api/images/__proto__/builds", { method: "POST", headers: json, body: "{}" }],
    ["a wrong method", 405, BUILDS, { method: "GET" }],
    ["a build id that is none", 404, "/api/builds/x", {}],
    ["a parameter of the query that is unknown", 400, "/api/images?satte=broken", {}],
    ["a parameter of the query of a wrong value", 400, "/api/sweep?dryRun=perhaps", { method: "POST" }],
    ["a parameter of the query twice", 400, "/api/sweep?dryRun=true&dryRun=false", { method: "POST" }],
    ["the schedule of an unknown image", 404, "/api/images/no-such-image/schedule", {}],
    ["the schedule of an image with a way out", 404, "/api/images/..%2f..%2fetc/schedule", {}],
    ["the schedule of an image without one", 404, "/api/images/ubuntu-base/schedule", {}],
    ["a time before which to tell that is none", 400, "/api/images/aks-jumpbox/schedule?before=yesterday", {}],
    ["another word for it", 400, "/api/images/aks-jumpbox/schedule?since=2027-01-15T01:00:00Z", {}],
    ["a wrong method of a schedule", 405, "/api/images/aks-jumpbox/schedule", { method: "DELETE" }],
    ["a list of builds of no image's name", 400, "/api/builds?image=..%2fx", {}],
    ["a list of builds in no state", 400, "/api/builds?state=odd", {}],
    ["a list of builds since no time", 400, "/api/builds?since=yesterday", {}],
    ["a list of builds of no length", 400, "/api/builds?limit=0", {}],
    ["a list of more builds than one answer has", 400, "/api/builds?limit=101", {}],
    ["a list of builds from no place", 400, "/api/builds?cursor=bm90aGluZw", {}],
    ["a wait that is too long", 400, "/api/builds/aks-jumpbox-20260115-020304-a7a7?wait=31", {}],
    ["a wait of a part of a second", 400, "/api/builds/aks-jumpbox-20260115-020304-a7a7?wait=0.5", {}],
    ["a wait that is no number", 400, "/api/builds/aks-jumpbox-20260115-020304-a7a7?wait=NaN", {}],
    ["a wait for a build that never was", 404, "/api/builds/aks-jumpbox-20260115-020304-a7a7?wait=30", {}],
    ["the log of a build that never was", 404, "/api/builds/aks-jumpbox-20260115-020304-a7a7/log", {}],
    ["the log of a build id that is none", 404, "/api/builds/..%2fx/log", {}],
    [
      "a log's file of an over-long name",
      400,
      `/api/builds/aks-jumpbox-20260115-020304-a7a7/log?file=${"a".repeat(101)}`,
      {},
    ],
    ["events after no number", 400, "/api/builds/aks-jumpbox-20260115-020304-a7a7/events?after=last", {}],
    ["events before the first", 400, "/api/builds/aks-jumpbox-20260115-020304-a7a7/events?after=-1", {}],
    ["events beyond all numbers", 400, "/api/builds/aks-jumpbox-20260115-020304-a7a7/events?after=1e300", {}],
    ["events of a build that never was", 404, "/api/builds/aks-jumpbox-20260115-020304-a7a7/events?wait=30", {}],
    ["events of a build id that is an entity's", 404, "/api/builds/@lease@x/events", {}],
    ["notices of a state that there is not", 400, "/api/notices?state=delivered", {}],
    [
      "a dead letter that never was",
      404,
      "/api/notices/aks-jumpbox-20260115-020304-a7a7-0-finished/resend",
      { method: "POST" },
    ],
    ["a dead letter's id with a way out", 404, "/api/notices/..%2fopen%2fx-0-finished/resend", { method: "POST" }],
    ["no events", 400, "/api/events", { method: "POST", headers: json, body: "[]" }],
    ["events that are none", 400, "/api/events", { method: "POST", headers: json, body: '[{"id":"1"}]' }],
    [
      "events over the size limit",
      413,
      "/api/events",
      { method: "POST", headers: json, body: `["${"x".repeat(1_100_000)}"]` },
    ],
    [
      "events of no JSON",
      415,
      "/api/events",
      { method: "POST", headers: { "Content-Type": "text/plain" }, body: "[]" },
    ],
    ["a parameter of the query of events", 400, "/api/events?code=x", { method: "POST", headers: json, body: "[]" }],
    [
      "the validation of a foreign topic",
      400,
      "/api/events",
      { method: "POST", headers: json, body: JSON.stringify([validationEvent("/subscriptions/none")]) },
    ],
    [
      "a handshake from an origin that is not allowed",
      405,
      "/api/events",
      { method: "OPTIONS", headers: { "WebHook-Request-Origin": "evil.example" } },
    ],
    [
      "a handshake where there are no events",
      405,
      BUILDS,
      { method: "OPTIONS", headers: { "WebHook-Request-Origin": "eventgrid.azure.net" } },
    ],
    ["a preview of no events", 400, "/api/events/preview", { method: "POST", headers: json, body: "[]" }],
    [
      "a preview of too many versions",
      400,
      "/api/events/preview",
      { method: "POST", headers: json, body: JSON.stringify(Array(11).fill(gridEvent())) },
    ],
    ["a wrong method of events", 405, "/api/events", { method: "GET" }],
    ["a decision on a build that never was", 404, `${KNOWN_FORM}/approve`, decision],
    ["a rejection of a build that never was", 404, `${KNOWN_FORM}/reject`, decision],
    ["a decision on a build id with a way out", 404, "/api/builds/..%2fx/approve", decision],
    ["a decision on an entity", 404, "/api/builds/@lease@x/reject", decision],
    ["a wrong method of a decision", 405, `${KNOWN_FORM}/approve`, {}],
    ["a hook that there is not", 404, "/api/hooks/none", { method: "POST", headers: json, body: "{}" }],
    ["a hook called __proto__", 404, "/api/hooks/__proto__", { method: "POST", headers: json, body: "{}" }],
    ["a wrong method of a hook", 405, "/api/hooks/none", {}],
    ["a path that leads nowhere", 404, "/api/nothing", {}],
  ])("gets a problem document: %s", async (_, status, path, init) => {
    const answer = await stack.request(path, init);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(await answer.json()).toMatchObject({ status, type: expect.stringMatching(/^urn:goldsmith:problem:/) });
  });

  it("is told from Event Grid's handshakes and from events that concern nobody, which are taken", async () => {
    for (const schema of ["EventGridSchema", "CloudEventSchemaV1_0"]) {
      const endpoint = `${stack.url}/api/events`;
      expect(await stack.control("POST", "eventSubscriptions", { endpoint, schema })).toMatchObject({ schema });
    }
    const answer = await stack.request("/api/events", {
      method: "POST",
      headers: json,
      body: JSON.stringify([gridEvent(), {}]),
    });
    expect([answer.status, await answer.json()]).toEqual([200, { taken: 0, ignored: 1, invalid: 1 }]);
  });

  it("has reached Azure with no call at all", async () => {
    expect(await stack.requests()).toEqual([]);
  });
});

describe("a second build of an image", () => {
  it("waits for its turn, with nothing granted, and then builds", async () => {
    const first = await stack.startBuild({ reason: "first" });
    await stack.until(first, ({ phase }) => phase !== "accepted" && phase !== "planning");
    const second = await stack.startBuild({ reason: "second" });
    const waiting = await stack.until(second, ({ phase }) => phase?.startsWith("waiting") ?? false);
    expect(waiting.grants).toEqual([]);

    const [one, other] = [await stack.receiptOf(first), await stack.receiptOf(second)];
    expect([one.outcome.kind, other.outcome.kind]).toEqual(["built", "built"]);
    const granted = other.grants.map(({ askedAt }) => askedAt).toSorted()[0] ?? "";
    expect(granted >= (one.grants[1]?.releasedAt ?? "")).toBe(true);
    expect(await stack.traces()).toMatchObject({ grants: 0, templates: 0, otherGroups: [] });
  });
});
