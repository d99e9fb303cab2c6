import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeApp } from "../support/appFolder.ts";
import { type AuthenticatedStack, startAuthenticated } from "../support/authenticatedStack.ts";
import { BAD_EVENTS, BAD_MESSAGES, HOOK_SETTINGS, hookMessage, MIXED_EVENTS } from "../support/badMessages.ts";
import { BAD_RECIPES, recipeWith, targetOf } from "../support/badRecipes.ts";
import { keyPair, signed, unsigned } from "../support/entraTokens.ts";
import { sampleRecipe } from "../support/plan.ts";

/** What nobody may be told again, neither by an answer nor by a log. */
const SECRET = "hunter2";

let service: AuthenticatedStack;
let folder: string;
/** Of the archive, but for the audit, and of Azure, once the service is up and knows who signs tokens. */
let before: { stored: string[]; requests: number };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  writeApp(folder, [sampleRecipe()]);
  for (const [index, [, , change]] of BAD_RECIPES.entries()) {
    writeFileSync(join(folder, "images", `bad-${index}.yaml`), recipeWith(`bad-${index}`, change));
  }
  writeFileSync(
    join(folder, "images", "elsewhere.yaml"),
    recipeWith("elsewhere", { zone: "elsewhere", ...targetOf("elsewhere") }),
  );
  // In real time, by which messages are signed.
  service = await startAuthenticated(HOOK_SETTINGS, { speed: 1 });
  await service.stack.crashAndRestart(folder);
  const known = await service.stack.request("/api/images", { headers: await service.person("reader") });
  expect(known.status).toBe(200);
  for (const name of ["builder-aks", "approver"]) await service.person(name);
  await service.application("eventsender-application");
  // Each process asks once whether the settings are right.
  expect((await service.stack.request("/api/health")).status).toBe(200);
  before = await present();
});
afterAll(async () => {
  await service.stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function present(): Promise<{ stored: string[]; requests: number }> {
  const stored: string[] = [];
  for await (const { name } of service.stack.container("archive").listBlobsFlat()) {
    if (!name.startsWith("audit/")) stored.push(name);
  }
  return { stored, requests: (await service.stack.requests()).length };
}

const BUILDS = "/api/images/aks-jumpbox/builds";
const BUILD = "/api/builds/aks-jumpbox-20260115-020304-a7a7";
const json = { "Content-Type": "application/json" };
const builder = () => ({ "X-Goldsmith-Key": service.keys["Builder"] ?? "" });
const reader = () => ({ "X-Goldsmith-Key": service.keys["Reader"] ?? "" });

const reason = (value: string) => JSON.stringify({ reason: value });
const ticketAt = (url: string) => JSON.stringify({ ticket: { system: "s", number: "1", url } });
const notify = (url: string) => JSON.stringify({ notify: [{ url }] });
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const claims = async (changes: object = {}) => {
  const token = (await service.person("reader"))["Authorization"]?.replace("Bearer ", "") ?? "";
  return { ...decodeJwt(token), ...changes };
};
const forged = async (changes: object) => bearer(await signed(await claims(changes), keyPair("local")));

const keyed = (text: string) => ({
  method: "POST",
  headers: { ...json, ...builder(), "Idempotency-Key": "RITM7" },
  body: reason(text),
});
async function sent(body: string): Promise<RequestInit> {
  const headers = { ...json, ...(await service.application("eventsender-application")) };
  return { method: "POST", headers, body };
}

async function expectRefused(status: number, path: string, init: RequestInit): Promise<void> {
  const answer = await service.stack.request(path, init);
  const text = await answer.text();
  expect([answer.status, text]).toEqual([status, expect.stringContaining("urn:goldsmith:problem:")]);
  expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(text).not.toContain(SECRET);
}

describe("a body", () => {
  it.each<[number, string, number, string | Uint8Array<ArrayBuffer>, Record<string, string>?]>([
    [1, "that is empty", 400, ""],
    [2, "of malformed JSON", 400, `{"reason":"${SECRET}`],
    [3, "of another Content-Type", 415, "{}", { "Content-Type": "text/plain" }],
    [4, "over the size limit", 413, reason(`${SECRET}${"x".repeat(100_000)}`)],
    [5, "that unfolds by gzip", 415, Uint8Array.from(gzipSync(" ".repeat(10_000_000))), { "Content-Encoding": "gzip" }],
    [6, "of JSON 10,000 deep", 400, "[".repeat(10_000) + "]".repeat(10_000)],
    [7, "with a key twice", 400, `{"reason":"${SECRET}","reason":"b"}`],
    [8, "with __proto__", 400, `{"__proto__":{"dryRun":"${SECRET}"}}`],
    [8, "with constructor", 400, `{"constructor":{"prototype":{}}}`],
    [9, "with a value of a wrong type", 400, `{"reason":["${SECRET}"]}`],
    [10, "with an unknown field", 400, `{"colour":"${SECRET}"}`],
    [11, "of invalid UTF-8", 400, Uint8Array.from([0x7b, 0xff, 0x7d])],
    [11, "with NUL in a text", 400, `{"reason":"a\\u0000b"}`],
    [12, "with bidirectional controls in a text", 400, reason("\u202Eabc")],
    [12, "with a line break in a ticket's number", 400, `{"ticket":{"system":"s","number":"1\\r\\nSet-Cookie: a"}}`],
    [15, "with a scope for a grant", 400, `{"scope":"/providers/Microsoft.Management/managementGroups/root"}`],
    [
      14,
      "with a scope of another subscription",
      400,
      `{"scope":"/subscriptions/00000000-0000-0000-0000-000000000001"}`,
    ],
    [16, "with a role", 400, `{"role":"Owner"}`],
    [17, "with a role that is none", 400, `{"roleDefinitionId":"not-a-guid"}`],
    [18, "with a principal", 400, `{"principalId":"00000000-0000-0000-0000-000000000001"}`],
    [21, "with a callback at the metadata service", 400, notify("https://169.254.169.254/metadata")],
    [21, "with a callback at localhost", 400, notify("https://localhost/x")],
    [21, "with a callback at [::1]", 400, notify("https://[::1]/x")],
    [21, "with a callback at a decimal address", 400, notify("https://2130706433/x")],
    [
      22,
      "with a signature in a ticket's address",
      400,
      ticketAt(`https://a.test/?sv=2024&sig=${Buffer.alloc(32, 7).toString("base64url")}%3D`),
    ],
    [22, "with a callback of a file", 400, notify("file:///etc/passwd")],
    [22, "with a callback without TLS", 400, notify("http://tickets.example.com/hooks")],
    [22, "with a callback with a password", 400, notify(`https://u:${SECRET}@tickets.example.com/hooks`)],
    [
      22,
      "with a ticket's address with a password",
      400,
      `{"ticket":{"system":"s","number":"1","url":"https://u:${SECRET}@a.test/"}}`,
    ],
  ])("no. %i %s is refused", async (_, _what, status, body, headers = {}) => {
    await expectRefused(status, BUILDS, { method: "POST", headers: { ...json, ...builder(), ...headers }, body });
  });
});

describe("a recipe", () => {
  it.each(BAD_RECIPES.map(([number, title, , told], index) => [number, title, told, index] as const))(
    "no. %i %s is refused",
    async (_, _title, told, index) => {
      const init = { method: "POST", headers: { ...json, ...builder() }, body: "{}" };
      const path = `/api/images/bad-${index}/builds`;
      const answer = await service.stack.request(path, init);
      const text = await answer.text();
      const { type, errors } = JSON.parse(text) as { type: string; errors: { field?: string; message: string }[] };
      expect([answer.status, type]).toEqual([409, "urn:goldsmith:problem:recipe-broken"]);
      expect(errors.map(({ field, message }) => `${field}: ${message}`).join("\n")).toContain(told);
      expect(text).not.toContain(SECRET);
    },
  );
});

describe("a recipe of a trust zone that there is not", () => {
  it.each(["POST", "GET"])("no. 14 has no plan: %s", async (method) => {
    const what = method === "POST" ? "builds" : "plan";
    const body = method === "POST" ? { body: JSON.stringify({ dryRun: true }) } : {};
    const headers = method === "POST" ? { ...json, ...builder() } : reader();
    await expectRefused(409, `/api/images/elsewhere/${what}`, { method, headers, ...body });
  });
});

describe("a path", () => {
  it.each<[number, string, string]>([
    [13, "with a way out", "/api/images/..%2f..%2fetc/builds"],
    [19, "of an image whose name is too long", `/api/images/${"a".repeat(2000)}/builds`],
    [19, "of an image whose name is none", "/api/images/a%20b/builds"],
  ])("no. %i %s leads nowhere", async (_, _title, path) => {
    await expectRefused(404, path, { method: "POST", headers: { ...json, ...builder() }, body: "{}" });
  });

  it.each<[number, string, string]>([
    [24, "of a build that is over-long", `/api/builds/${"a".repeat(2000)}`],
    [24, "of a build with /", "/api/builds/a%2fb"],
    [24, "of a build with #", "/api/builds/aks-jumpbox-20260115-020304-a7a7%23x"],
    [24, "of a build with ?", "/api/builds/aks-jumpbox-20260115-020304-a7a7%3fx"],
    [24, "of an entity in place of a build", "/api/builds/@lease@x"],
    [36, "of a build that never was", BUILD],
  ])("no. %i %s leads nowhere", (_, _title, path) => expectRefused(404, path, { headers: reader() }));

  it("no. 24 of somebody else's build is closed to who may not see its image", async () => {
    await expectRefused(403, "/api/builds/ubuntu-base-20260115-020304-a7a7", {
      headers: await service.person("builder-aks"),
    });
  });
});

describe("who asks", () => {
  const principal = { auth_typ: "aad", claims: [{ typ: "roles", val: "Operator" }] };

  it.each<[number, string, () => Record<string, string> | Promise<Record<string, string>>]>([
    [25, "without a token", () => ({})],
    [25, "with a token that is expired", () => forged({ exp: 1 })],
    [25, "with a token for another audience", () => forged({ aud: "https://management.azure.com" })],
    [25, "with a token of another tenant", () => forged({ tid: "00000000-0000-0000-0000-000000000001" })],
    [25, "with a token of alg none", async () => bearer(unsigned(await claims(), "local"))],
    [25, "with a text that is no token", () => bearer(SECRET)],
    [
      26,
      "with a header that only the platform may set",
      () => ({ "X-MS-CLIENT-PRINCIPAL": Buffer.from(JSON.stringify(principal)).toString("base64") }),
    ],
  ])("no. %i %s is nobody", async (_, _title, headers) => {
    await expectRefused(401, "/api/images", { headers: await headers() });
  });
});

describe("a signed message", () => {
  it.each(BAD_MESSAGES)("no. %i %s is refused", async (_, _title, message) => {
    await expectRefused(401, "/api/hooks/now", hookMessage(message));
  });
});

describe("events", () => {
  it.each(BAD_EVENTS)("no. %i %s are refused", async (_, _title, body) => {
    await expectRefused(400, "/api/events", await sent(body));
  });

  it("no. 33 are not promised to an origin that is not allowed", async () => {
    const headers = { "WebHook-Request-Origin": "evil.example" };
    const answer = await service.stack.request("/api/events", { method: "OPTIONS", headers });
    expect([answer.status, answer.headers.get("webhook-allowed-origin")]).toEqual([405, null]);
  });

  it("no. 35 of which some are valid are taken as far as they are, and the sender need not send them again", async () => {
    const answer = await service.stack.request("/api/events", await sent(MIXED_EVENTS));
    expect([answer.status, await answer.json()]).toEqual([200, { taken: 0, ignored: 1, invalid: 2 }]);
  });

  it.each(["approve", "reject", "cancel"])("no. 36 of a build that never was change nothing: %s", async (verb) => {
    const who = verb === "cancel" ? builder() : await service.person("approver");
    const decision = verb === "cancel" ? {} : { reason: "x", planHash: "f".repeat(64) };
    const init = { method: "POST", headers: { ...json, ...who }, body: JSON.stringify(decision) };
    await expectRefused(404, `${BUILD}/${verb}`, init);
  });
});

describe("a request that the host itself answers", () => {
  it("no. 37 of another method is refused", async () => {
    expect((await service.stack.request(BUILDS, { method: "HEAD", headers: builder() })).status).toBe(405);
    expect((await service.stack.request(BUILDS, { method: "PUT", headers: builder() })).status).toBe(405);
  });

  it("no. 38 with a Content-Length and a Transfer-Encoding is refused", async () => {
    const sent = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    expect(await raw(`POST ${BUILDS} HTTP/1.1\r\nHost: x\r\n${sent}`)).toMatch(/^HTTP\/1\.1 400/);
  });

  it("no. 39 of which the body does not come keeps nobody else waiting, and ends", async () => {
    const slow = raw(
      `POST ${BUILDS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{`,
    );
    expect((await service.stack.request("/api/images", { headers: reader() })).status).toBe(200);
    expect(await slow).toMatch(/^HTTP\/1\.1 408/);
  });
});

describe("all of it together", () => {
  it("has asked Azure nothing, and nothing of it is kept or in the log", async () => {
    expect(await present()).toEqual(before);
    expect(service.stack.log.join("\n")).not.toContain(SECRET);
    expect((await service.stack.request("/api/images", { headers: reader() })).status).toBe(200);
  });
});

describe("what has been said before", () => {
  it("no. 29 by a signed message is the same build, and is refused with another body", async () => {
    const first = await service.stack.request("/api/hooks/now", hookMessage({ text: "one" }));
    const again = await service.stack.request("/api/hooks/now", hookMessage({ text: "one" }));
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.headers.get("location")).toBe(first.headers.get("location"));
    await expectRefused(409, "/api/hooks/now", hookMessage({ text: "two" }));
  });

  it("no. 40 with an idempotency key is the same build, and is refused with another body", async () => {
    const first = await service.stack.request(BUILDS, keyed("one"));
    const again = await service.stack.request(BUILDS, keyed("one"));
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.headers.get("location")).toBe(first.headers.get("location"));
    await expectRefused(409, BUILDS, keyed("two"));
  });
});

/** Sends what no client would send. @returns the answer's first bytes. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(service.stack.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.once("data", (data) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.once("close", () => resolve(""));
    socket.once("error", reject);
  });
}
