import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
const callback = (url: string) => JSON.stringify({ notify: [{ url }] });

describe("a request that cannot be granted", () => {
  it.each<[string, number, string, RequestInit]>([
    ["an empty body", 400, BUILDS, { method: "POST", headers: json, body: "" }],
    ["malformed JSON", 400, BUILDS, { method: "POST", headers: json, body: '{"reason":' }],
    ["a wrong Content-Type", 415, BUILDS, { method: "POST", headers: { "Content-Type": "text/plain" }, body: "{}" }],
    ["a body over the size limit", 413, BUILDS, { method: "POST", headers: json, body: `"${"x".repeat(100_000)}"` }],
    [
      "a compressed body",
      415,
      BUILDS,
      { method: "POST", headers: { ...json, "Content-Encoding": "gzip" }, body: "{}" },
    ],
    ["JSON 10,000 deep", 400, BUILDS, { method: "POST", headers: json, body: "[".repeat(10_000) + "]".repeat(10_000) }],
    ["duplicate keys", 400, BUILDS, { method: "POST", headers: json, body: '{"reason":"a","reason":"b"}' }],
    ["__proto__", 400, BUILDS, { method: "POST", headers: json, body: '{"__proto__":{}}' }],
    ["a wrong type", 400, BUILDS, { method: "POST", headers: json, body: '{"reason":1}' }],
    ["an unknown field", 400, BUILDS, { method: "POST", headers: json, body: '{"role":"Owner"}' }],
    ["invalid UTF-8", 400, BUILDS, { method: "POST", headers: json, body: Uint8Array.from([0x7b, 0xff, 0x7d]) }],
    [
      "a callback that is not allowed",
      400,
      BUILDS,
      { method: "POST", headers: json, body: callback("https://evil.test/") },
    ],
    [
      "a callback without TLS",
      400,
      BUILDS,
      { method: "POST", headers: json, body: callback("http://169.254.169.254/") },
    ],
    ["a callback of a file", 400, BUILDS, { method: "POST", headers: json, body: callback("file:///etc/passwd") }],
    [
      "a callback with a password",
      400,
      BUILDS,
      { method: "POST", headers: json, body: callback("https://u:p@a.test/") },
    ],
    ["a callback with a query", 400, BUILDS, { method: "POST", headers: json, body: callback("https://a.test/?t=1") }],
    ["an idempotency key too long", 400, BUILDS, keyed("k".repeat(256))],
    ["an idempotency key that is no ASCII", 400, BUILDS, keyed("sch\u00f6n")],
    ["an empty idempotency key", 400, BUILDS, keyed("")],
    ["bidirectional controls", 400, BUILDS, { method: "POST", headers: json, body: '{"reason":"\\u202e"}' }],
    ["an unknown image", 404, "/api/images/no-such-image/builds", { method: "POST", headers: json, body: "{}" }],
    ["an image with a way out", 404, "/api/images/..%2f..%2fetc/builds", { method: "POST", headers: json, body: "{}" }],
    ["an image called __proto__", 404, "/api/images/__proto__/builds", { method: "POST", headers: json, body: "{}" }],
    ["a wrong method", 405, BUILDS, { method: "GET" }],
    ["a wrong method of a build", 405, "/api/builds/aks-jumpbox-20260115-020304-a7a7", { method: "DELETE" }],
    ["a build id that is none", 404, "/api/builds/x", {}],
    ["a build id that is an entity's", 404, "/api/builds/@lease@x", {}],
    ["a build that never was", 404, "/api/builds/aks-jumpbox-20260115-020304-a7a7", {}],
    ["an over-long build id", 404, `/api/builds/${"a".repeat(2000)}`, {}],
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

  it("is not answered with a body to HEAD, and not with a crash to nonsense", async () => {
    expect((await stack.request(BUILDS, { method: "HEAD" })).status).toBe(405);
    expect(
      await raw(
        "POST /api/images/aks-jumpbox/builds HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      ),
    ).toMatch(/^HTTP\/1\.1 400/);
    expect((await stack.request("/api/images")).status).toBe(200);
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

/** Sends what no client would send. @returns the answer's first bytes. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(stack.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.once("data", (data) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.once("error", reject);
  });
}
