import { describe, expect, it } from "vitest";
import { hashOfKey, newApiKey } from "../../../src/auth/apiKeys.ts";
import { authenticator } from "../../../src/auth/authenticate.ts";
import type { Authentication } from "../../../src/auth/authentication.ts";
import type { Caller } from "../../../src/domain/caller.ts";
import { admitting, applicationCaller, doorOf, keyCaller, NO_ENTRY, SENDER } from "../../support/admitting.ts";
import { AUDIENCE, AUTHORITY, jwksOf, keyPair, signed, TENANT, userClaims } from "../../support/entraTokens.ts";

const pair = keyPair("one");
const now = Math.floor(Date.now() / 1000);
const key = newApiKey();
const required: Authentication = {
  kind: "required",
  entra: { tenantId: TENANT, audiences: [AUDIENCE], authority: AUTHORITY },
  keys: [{ name: "robot", sha256: hashOfKey(key), roles: ["Builder"], images: ["web-*"] }],
};
const authenticate = authenticator(required, () => jwksOf(pair));
/** Asks with these headers, as whoever they prove. */
async function ask(headers: Record<string, string>, door = doorOf("Builder"), params?: Record<string, string>) {
  const it = await admitting({ authenticated: await authenticate(new Headers(headers)) });
  return it.ask(door, { headers, ...(params ? { params } : {}) });
}
const bearer = async (changes = {}) => ({ Authorization: `Bearer ${await signed(userClaims(now, changes), pair)}` });

describe("who comes with a token", () => {
  it("is let in with the role, and told of to the door", async () => {
    expect(await ask(await bearer())).toMatchObject({ kind: "in", caller: { kind: "user", roles: ["Builder"] } });
  });

  it("is refused without it, and told which it would be", async () => {
    expect(await ask(await bearer({ roles: ["Reader"] }))).toMatchObject({
      status: 403,
      role: "Builder",
      headers: { "WWW-Authenticate": `Bearer realm="goldsmith", error="insufficient_scope"` },
    });
  });
});

describe("who comes with a key", () => {
  it("is let in for the images of the key", async () => {
    expect(await ask({ "X-Goldsmith-Key": key })).toMatchObject({ kind: "in", caller: { id: "key/robot" } });
  });

  it("is refused for others, and for other roles", async () => {
    expect(await ask({ "X-Goldsmith-Key": key }, doorOf("Builder"), { image: "aks" })).toMatchObject({ status: 403 });
    expect(await ask({ "X-Goldsmith-Key": key }, doorOf("Reader"))).toMatchObject({ status: 403 });
  });

  it("is refused with one that is none", async () => {
    expect(await ask({ "X-Goldsmith-Key": newApiKey() })).toMatchObject({ status: 401 });
  });
});

describe("who is not known", () => {
  it.each<[string, () => Record<string, string> | Promise<Record<string, string>>]>([
    ["an expired token", () => bearer({ exp: now - 120 })],
    ["a token for somebody else", () => bearer({ aud: "https://management.azure.com" })],
    ["a token that is none", () => ({ Authorization: "Bearer hunter2" })],
    ["a password", () => ({ Authorization: "Basic aHVudGVyMg==" })],
    ["a key where a token belongs", () => ({ Authorization: `Bearer ${key}` })],
    ["a wrong key", () => ({ "X-Goldsmith-Key": newApiKey() })],
    ["a token and a key", async () => ({ ...(await bearer()), "X-Goldsmith-Key": key })],
  ])("gets the same answer whatever is wrong: %s", async (_, make) => {
    const refused = await ask(await make());
    expect(refused).toMatchObject({
      status: 401,
      type: "urn:goldsmith:problem:unauthenticated",
      headers: { "WWW-Authenticate": `Bearer realm="goldsmith", error="invalid_token"` },
    });
    const noKey = await ask({ "X-Goldsmith-Key": "x" });
    expect(refused).toEqual(noKey);
  });

  it("is asked to sign in where there are no credentials at all", async () => {
    const challenge = { "WWW-Authenticate": `Bearer realm="goldsmith"` };
    expect(await ask({})).toMatchObject({ status: 401, headers: challenge });
  });

  it.each(["X-MS-CLIENT-PRINCIPAL", "X-MS-CLIENT-PRINCIPAL-ID", "X-MS-CLIENT-PRINCIPAL-NAME"])(
    "stays so with %s, whether or not the platform answers for it",
    async (name) => {
      const principal = { auth_typ: "aad", claims: [{ typ: "roles", val: "Operator" }] };
      const headers = { [name]: Buffer.from(JSON.stringify(principal)).toString("base64") };
      for (const setsPrincipal of [false, true]) {
        const authenticated = await authenticate(new Headers(headers));
        const it = await admitting({ authenticated, platform: { forwardsAddress: true, setsPrincipal } });
        expect(await it.ask(doorOf("Operator"), { headers })).toMatchObject({ status: 401 });
        expect(await it.audited("principal-header-ignored")).toHaveLength(setsPrincipal ? 0 : 1);
      }
    },
  );

  it("comes in where anyone may, and is nobody there whatever credentials are wrong", async () => {
    expect(await ask({}, doorOf("anyone"))).toMatchObject({ kind: "in", caller: { id: "nobody", roles: [] } });
    expect(await ask({ "X-Goldsmith-Key": "x" }, doorOf("anyone"))).toMatchObject({
      kind: "in",
      caller: { roles: [] },
    });
    expect(await ask({ "X-Goldsmith-Key": key }, doorOf("anyone"))).toMatchObject({ caller: { id: "key/robot" } });
  });
});

describe("the service", () => {
  it("says what to set where nobody can sign in yet", async () => {
    const { ask } = await admitting({ authentication: NO_ENTRY });
    expect(await ask(doorOf("Reader"), { headers: { "X-Goldsmith-Key": key } })).toMatchObject({
      status: 503,
      headers: { "Retry-After": "10" },
      detail: expect.stringMatching(/GOLDSMITH_ENTRA_TENANT_ID.*GOLDSMITH_API_KEYS/),
    });
  });

  it("says when to come again where it cannot tell whether a token is good", async () => {
    const unreachable = authenticator(required, () => Promise.reject(new Error("unreachable")));
    const it = await admitting({ authenticated: await unreachable(new Headers(await bearer())) });
    expect(await it.ask(doorOf("Builder"))).toMatchObject({ status: 503, headers: { "Retry-After": "10" } });
  });

  it("lets everybody do everything where it is open", async () => {
    const { ask } = await admitting({ authentication: { kind: "open" } });
    expect(await ask(doorOf("Operator"))).toMatchObject({ kind: "in", caller: { kind: "open" } });
  });
});

describe("a role that is limited to images", () => {
  it.each<[string, string[], boolean]>([
    ["web-1", ["web-1"], true],
    ["web-1", ["web-*"], true],
    ["web-1", ["*"], true],
    ["web-1", ["db-1", "web-1"], true],
    ["web-12", ["web-1"], false],
    ["web", ["web-*"], false],
    ["my-web-1", ["web-*"], false],
  ])("is asked of %s with %j: %s", async (image, limits, isIn) => {
    const { ask } = await admitting({ caller: keyCaller(["Builder"], ...limits) });
    expect((await ask(doorOf("Builder"), { params: { image } })).kind).toBe(isIn ? "in" : "refused");
  });

  it("is asked of a build by its image, and of an id that is none", async () => {
    const { ask } = await admitting({ caller: keyCaller(["Builder"], "web-*") });
    const door = doorOf("Builder", { route: "builds/{id}/cancel" });
    expect(await ask(door, { params: { id: "web-1-20261121-020000-k3fq" } })).toMatchObject({ kind: "in" });
    expect(await ask(door, { params: { id: "aks-20261121-020000-k3fq" } })).toMatchObject({ status: 403 });
    expect(await ask(door, { params: { id: "web-1" } })).toMatchObject({ status: 403 });
  });
});

describe("a door to which events are sent", () => {
  const events = doorOf("EventSender", { name: "receiveEvents", route: "events", isWebhook: true });
  const ask = async (caller: Caller) => (await admitting({ caller })).ask(events, { params: {} });

  it("lets in the application that the settings name", async () => {
    expect(await ask(applicationCaller(["EventSender"], SENDER.toUpperCase()))).toMatchObject({ kind: "in" });
  });

  it("lets in no other application, no person and no key, whatever their roles are", async () => {
    const callers: Caller[] = [
      applicationCaller(["EventSender"], "a9910000-0000-4000-8000-000000000001"),
      { ...applicationCaller(["EventSender"]), kind: "user" },
      keyCaller(["EventSender"]),
    ];
    for (const caller of callers) {
      expect(await ask(caller)).toMatchObject({ status: 403, type: "urn:goldsmith:problem:sender-not-allowed" });
    }
    expect(await ask(applicationCaller(["Builder"]))).toMatchObject({ status: 403, role: "EventSender" });
  });

  it("keeps who was refused", async () => {
    const { ask: askAudited, audited } = await admitting({ caller: keyCaller(["EventSender"]) });
    await askAudited(events, { params: {} });
    expect(await audited("sender-not-allowed")).toMatchObject([{ rows: [{ caller: "key/tester" }] }]);
  });
});
