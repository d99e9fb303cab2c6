import { createHmac } from "node:crypto";
import functions from "@azure/functions";
import { beforeEach, describe, expect, it } from "vitest";
import { auditing } from "../../../src/auth/auditing.ts";
import type { Archive } from "../../../src/azure/archive.ts";
import { archiveNames } from "../../../src/domain/archiveNames.ts";
import type { Decision } from "../../../src/domain/approval.ts";
import type { BuildRequest } from "../../../src/domain/buildRequest.ts";
import { ANYBODY, type Caller } from "../../../src/domain/caller.ts";
import { asApplication } from "../../../src/domain/ownRequest.ts";
import { decideBuild } from "../../../src/functions/decideBuild.http.ts";
import type { Asked } from "../../../src/http/door.ts";
import { Refused } from "../../../src/http/door.ts";
import { fakeDurableClient } from "../../support/fakeDurableClient.ts";
import { memoryArchive } from "../../support/simulation/memoryArchive.ts";

const ID = "web-1-20261121-020000-k3fq";
const TENANT = "11111111-1111-4111-8111-111111111111";
const [ADA, BOB, APP] = ["a", "b", "c"].map((one) => `${TENANT}/${one.repeat(8)}-1111-4111-8111-111111111111`);
const HASH = "f".repeat(64);
const KEY = "a text of 24 characters!";
const SYSTEM = { name: "service-now", application: APP?.split("/")[1] ?? "", secretNames: ["NOW"] };

const user = (id = "", name?: string): Caller => ({ kind: "user", id, roles: ["Approver"], ...(name ? { name } : {}) });
const application: Caller = { kind: "application", id: APP ?? "", name: "ServiceNow", roles: ["Approver"] };

let archive: Archive;
beforeEach(async () => {
  archive = await memoryArchive();
  const asked = { planHash: HASH, templateHash: "t", source: { id: "s" }, expiresAt: "2030-01-01T00:00:00Z" };
  await archive.writeJson(archiveNames.approvalAsked("web-1", ID), asked);
});

/** Decides on a build that was asked for so. @returns who is kept as having decided; or why nobody is. */
async function decided(caller: Caller, request: Partial<BuildRequest>, assertion?: string) {
  const input = { buildId: ID, image: "web-1", door: "http", ...request };
  const engine = fakeDurableClient();
  await engine.client.startNew("buildImage", { instanceId: ID, input });
  const { handle } = decideBuild("approve", {
    archive,
    approvalSystems: [{ ...SYSTEM, secrets: [Buffer.from(KEY)] }],
    audit: auditing(archive, { forwardsAddress: true }),
  });
  const body = { reason: "fine", planHash: HASH, ...(assertion === undefined ? {} : { assertion }) };
  const asked: Partial<Asked> = {
    caller,
    client: engine.client,
    context: new functions.InvocationContext({ logHandler: () => {} }),
    param: () => ID,
    request: new functions.HttpRequest({ method: "POST", url: "https://goldsmith.example.com/" }),
    body: (schema) => Promise.resolve(schema.parse(body)),
    urlOf: (path) => `https://goldsmith.example.com${path}`,
  };
  try {
    await handle(asked as Asked);
  } catch (error) {
    if (error instanceof Refused) return error.problem.type.replace("urn:goldsmith:problem:", "");
    throw error;
  }
  const kept = (await archive.readJson(archiveNames.approval("web-1", ID, HASH)))?.value as Decision;
  return kept.by;
}

/** A JWT as a ticket system signs one, made by hand. */
function assertion(claims: object = {}, { key = KEY, alg = "HS256" } = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const about = { build: ID, decision: "approved", planHash: HASH };
  const all = { iss: "service-now", aud: "goldsmith", sub: "bob", iat: now, exp: now + 300, ...about, ...claims };
  const signed = [{ alg, typ: "JWT" }, all].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const signature = alg === "none" ? "" : createHmac("sha256", key).update(signed.join(".")).digest("base64url");
  return [...signed, signature].join(".");
}

describe("a person", () => {
  it("decides on what somebody else, a system or the schedule has asked for", async () => {
    const by = { id: BOB, name: "bob@example.com" };
    const ticket = { system: "Jira", number: "1", requestedBy: "ada@example.com" };
    for (const request of [{ requester: ADA ?? "" }, { requester: "hook/jira", ticket }, {}]) {
      expect(await decided(user(BOB, "bob@example.com"), request)).toEqual(by);
    }
  });

  it("does not decide on a request of their own, nor on one whose ticket names them", async () => {
    expect(await decided(user(BOB), { requester: BOB ?? "" })).toBe("approver-is-requester");
    const ticket = { system: "ServiceNow", number: "1", requestedBy: "Bob@Example.com" };
    const request = { requester: "key/service-now", ticket };
    expect(await decided(user(BOB, "bob@example.com"), request)).toBe("approver-is-requester");
  });
});

describe("an application", () => {
  const ticket = { system: "ServiceNow", number: "1", requestedBy: "ada" };
  const request = { requester: asApplication(APP ?? ""), ticket };

  it("decides for a person whom its system has signed for this very decision", async () => {
    const by = { id: "service-now/bob", name: "Bob", application: APP };
    expect(await decided(application, request, assertion({ name: "Bob" }))).toEqual(by);
  });

  it.each([
    ["without an assertion", undefined],
    ["by another key", assertion({}, { key: "another of 24 characters" })],
    ["without a signature", assertion({}, { alg: "none" })],
    ["for another build", assertion({ build: "web-1-20261121-020000-aaaa" })],
    ["for another plan", assertion({ planHash: "e".repeat(64) })],
    ["for the other decision", assertion({ decision: "rejected" })],
    ["for another service", assertion({ aud: "other" })],
    ["of another system", assertion({ iss: "jira" })],
    ["that is an hour old", assertion({ iat: Math.floor(Date.now() / 1000) - 3600 })],
    ["that has expired", assertion({ exp: Math.floor(Date.now() / 1000) - 120 })],
    ["for nobody", assertion({ sub: undefined })],
  ])("does not decide %s", async (_, given) => {
    expect(await decided(application, request, given)).toBe("approver-not-a-person");
  });

  it("does not decide by another application's assertion", async () => {
    expect(await decided({ ...application, id: ADA ?? "" }, request, assertion())).toBe("approver-not-a-person");
  });

  it("does not decide for whoever asked, nor where the ticket does not tell who that was", async () => {
    expect(await decided(application, request, assertion({ sub: "Ada" }))).toBe("approver-is-requester");
    const { ticket: _, ...untold } = request;
    expect(await decided(application, untold, assertion())).toBe("requester-unknown");
    expect(await decided(user(BOB), { requester: "hook/jira" })).toBe("requester-unknown");
  });
});

it("nobody decides once the time for it is over, whether or not the build knows that by then", async () => {
  const asked = { planHash: HASH, templateHash: "t", source: { id: "s" }, expiresAt: new Date().toISOString() };
  await archive.writeJson(archiveNames.approvalAsked("web-1", ID), asked);
  expect(await decided(user(BOB), { requester: ADA ?? "" })).toBe("approval-expired");
});

it("whoever it is decides where everybody is let in, as on a developer's machine", async () => {
  expect(await decided(ANYBODY, {})).toEqual({ id: "anybody" });
});

it("a key decides nothing, whatever its role", async () => {
  const key: Caller = { kind: "key", id: "key/x", roles: ["Approver"] };
  expect(await decided(key, {}, assertion())).toBe("approver-not-a-person");
});
