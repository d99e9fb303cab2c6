import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SignJWT } from "jose";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, it } from "vitest";
import { landscape } from "../../local/landscape.ts";
import type { CloudEvent } from "../../src/domain/callbacks/cloudEvent.ts";
import { type AuthenticatedStack, startAuthenticated } from "../support/authenticatedStack.ts";
import { NOTHING } from "../support/stack.ts";

const KEY = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
/** By which the ticket system signs who decides, and the application that it comes as. */
const SYSTEM_KEY = "a text of 24 characters!";
const decider = landscape.directory.applications.find(({ name }) => name === "approver-application");
const sample = readFileSync(join(import.meta.dirname, "..", "..", "images", "aks-jumpbox.yaml"), "utf8");

/** What the ticket system was told, each of it signed. */
const told: CloudEvent[] = [];
let tickets: Server;
let origin: string;
let service: AuthenticatedStack;

beforeAll(async () => {
  tickets = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature } = request.headers;
      const isSigned = new Webhook(KEY).sign(String(id), new Date(Number(timestamp) * 1000), body) === signature;
      if (isSigned) told.push(JSON.parse(body) as CloudEvent);
      response.writeHead(isSigned ? 204 : 401).end();
    });
  });
  await new Promise<void>((resolve) => tickets.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(tickets.address() as AddressInfo).port}`;
  service = await startAuthenticated({
    GOLDSMITH_RECIPE_CONTAINER: "recipes",
    GOLDSMITH_CALLBACK_TARGETS: JSON.stringify([{ origin, secretNames: ["OWN"], development: true }]),
    GOLDSMITH_CALLBACK_SECRET_OWN: KEY,
    GOLDSMITH_APPROVAL_SYSTEMS: JSON.stringify([
      { name: "local-builder", application: decider?.objectId, secretNames: ["T"] },
    ]),
    GOLDSMITH_APPROVAL_SECRET_T: SYSTEM_KEY,
  });
  const recipes = service.stack.container("recipes");
  await recipes.create();
  const text = `${sample}\napproval: { before: build, expires: 3d }\n`;
  await recipes.getBlockBlobClient("aks-jumpbox.yaml").upload(text, Buffer.byteLength(text));
});
afterAll(async () => {
  await service.stack.stop();
  tickets.close();
});

const post = (path: string, headers: Record<string, string>, body: object) =>
  service.stack.request(path, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

/** Waits for an event of that kind. */
async function event(type: string): Promise<CloudEvent["data"]> {
  const find = () => told.find((one) => one.type === `goldsmith.build.${type}`);
  await expect.poll(find, { timeout: 120_000 }).toBeDefined();
  const { data } = find() ?? {};
  if (!data) throw new Error(`Nothing was told of ${type}.`);
  return data;
}

it("a ticket goes from its request through approval to the signed callback of its end", async () => {
  const ticket = { system: "ServiceNow", number: "RITM0012345", requestedBy: "ada@goldsmith.example" };
  const asked = { ticket, reason: "monthly", notify: [{ url: `${origin}/hook` }] };
  const ask = async () => {
    const headers = { ...(await service.application("builder-application")), "Idempotency-Key": ticket.number };
    return post("/api/images/aks-jumpbox/builds", headers, asked);
  };
  const [first, again] = [await ask(), await ask()];
  expect([first.status, again.status]).toEqual([202, 202]);
  expect(again.headers.get("location")).toBe(first.headers.get("location"));

  const reader = { "X-Goldsmith-Key": service.keys["Reader"] ?? "" };
  const { approval, links, ticket: ofEvent, state } = await event("waiting");
  expect([ofEvent, state]).toEqual([ticket, "waiting"]);
  expect(await service.stack.traces()).toEqual({ ...NOTHING, versions: 0 });
  const build = async () =>
    (await service.stack.request(new URL(links.build).pathname, { headers: reader })).json() as Promise<object>;
  expect(await build()).toMatchObject({ state: "waiting", requested: { ...asked, door: "http" }, approval });
  const decision = { reason: "change CHG0031", planHash: approval?.planHash };
  const approve = async (headers: Record<string, string>) =>
    (await post(new URL(links.approve ?? "").pathname, headers, decision)).status;
  expect(await approve(await service.person("builder"))).toBe(403);
  expect(await approve({ "X-Goldsmith-Key": service.keys["Builder"] ?? "" })).toBe(403);
  expect(await approve(await service.person("approver"))).toBe(202);

  expect(await event("finished")).toMatchObject({ state: "built", ticket, links: { build: links.build } });
  await expect.poll(build, { timeout: 30_000 }).toMatchObject({
    state: "built",
    receipt: {
      requested: {
        ticket,
        reason: "monthly",
        requester: expect.stringMatching(/^application\/[0-9a-f-]{36}\/[0-9a-f-]{36}$/),
      },
      approval: { decision: "approved", reason: "change CHG0031", by: { name: "approver@goldsmith.example" } },
    },
  });
  const types = ["accepted", "waiting", "started", "finished"].map((one) => `goldsmith.build.${one}`);
  expect(told.map(({ type }) => type)).toEqual(types);
  expect(await service.stack.traces()).toEqual({ ...NOTHING, versions: 1 });
});

it("nobody decides on what a system asks for without telling for whom", async () => {
  const asks = { "X-Goldsmith-Key": service.keys["Builder"] ?? "" };
  const { id } = (await (await post("/api/images/aks-jumpbox/builds", asks, {})).json()) as { id: string };
  for (const verb of ["approve", "reject"]) {
    const decision = { reason: "x", planHash: "f".repeat(64) };
    const answer = await post(`/api/builds/${id}/${verb}`, await service.person("approver"), decision);
    expect([answer.status, await answer.json()]).toMatchObject([
      403,
      { type: "urn:goldsmith:problem:requester-unknown" },
    ]);
  }
  expect((await post(`/api/builds/${id}/cancel`, asks, {})).status).toBe(202);
});

it("a ticket system decides for a person that it names, and neither without one nor for who asked", async () => {
  const { stack } = service;
  const ticket = { system: "Tickets", number: "RITM2", requestedBy: "Approver@goldsmith.example" };
  // The system's own key, which is called like the system.
  const asks = { "X-Goldsmith-Key": service.keys["Builder"] ?? "" };
  const asked = await post("/api/images/aks-jumpbox/builds", asks, { ticket });
  const { id } = (await asked.json()) as { id: string };
  const reader = { "X-Goldsmith-Key": service.keys["Reader"] ?? "" };
  const build = async () => (await stack.request(`/api/builds/${id}`, { headers: reader })).json() as Promise<Shown>;
  await expect.poll(build, { timeout: 60_000 }).toMatchObject({ state: "waiting", approval: {} });
  const { approval } = await build();
  const { planHash = "" } = approval ?? {};

  const decision = { reason: "no window", planHash };
  for (const verb of ["approve", "reject"]) {
    for (const [headers, kind] of [
      [await service.person("approver"), "approver-is-requester"],
      [await service.application("approver-application"), "approver-not-a-person"],
    ] as const) {
      const answer = await post(`/api/builds/${id}/${verb}`, headers, decision);
      expect([answer.status, await answer.json()]).toMatchObject([403, { type: `urn:goldsmith:problem:${kind}` }]);
    }
  }
  const application = await service.application("approver-application");
  // The service's own time, as it tells it.
  const { startedAt = "", elapsedSeconds = 0 } = await build();
  const seconds = Math.floor(Date.parse(startedAt) / 1000) + elapsedSeconds - 1;
  const assertion = await new SignJWT({ build: id, decision: "rejected", planHash })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer("local-builder")
    .setAudience("goldsmith")
    .setSubject("bob")
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + 300)
    .sign(Buffer.from(SYSTEM_KEY));
  expect((await post(`/api/builds/${id}/reject`, application, { ...decision, assertion })).status).toBe(202);
  await expect.poll(build, { timeout: 60_000 }).toMatchObject({
    state: "refused",
    receipt: { approval: { decision: "rejected", by: { id: "local-builder/bob" } }, grants: [] },
  });
});

interface Shown {
  approval?: { planHash: string };
  startedAt?: string;
  elapsedSeconds?: number;
}
