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

describe("a build that has its turn and is not started yet", () => {
  it("is accepted, as the conflict says that names it", async () => {
    const id = "aks-jumpbox-20260115-020304-a7a7";
    // Of a time to come, so that the turn does not lapse while the test looks.
    const turn = JSON.stringify({ buildId: id, since: "2999-01-01T00:00:00.000Z" });
    const blob = stack.archivedBlob("builds/current.json");
    await blob.upload(turn, turn.length);

    const conflict = await stack.request(BUILDS, { method: "POST", headers: json, body: "{}" });
    expect(conflict.status).toBe(409);
    const { running } = (await conflict.json()) as { running: string };
    const answer = await fetch(running);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("retry-after")).toBe("10");
    expect(await answer.json()).toMatchObject({ id, state: "running", phase: "accepted", links: { self: running } });

    await blob.delete();
    expect((await fetch(running)).status).toBe(404);
  });
});

describe("a second request", () => {
  it("is a conflict that names the build under way", async () => {
    const id = await stack.startBuild({ reason: "first" });
    const answer = await stack.request(BUILDS, { method: "POST", headers: json, body: "{}" });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ runningBuild: id, running: expect.stringContaining(id) });
    await stack.receiptOf(id);
  });

  it("starts one build of ten that are asked for at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => stack.request(BUILDS, { method: "POST", headers: json, body: "{}" })),
    );
    const [started, ...others] = answers.toSorted((one, other) => one.status - other.status);
    if (started?.status !== 202) throw new Error(`None was started: ${started?.status}.`);
    expect(others.map(({ status }) => status)).toEqual(Array.from({ length: 9 }, () => 409));
    const { id } = (await started.json()) as { id: string };
    await stack.receiptOf(id);
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
