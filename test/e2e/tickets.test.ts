import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CloudEvent } from "../../src/domain/callbacks/cloudEvent.ts";
import { type AuthenticatedStack, startAuthenticated } from "../support/authenticatedStack.ts";
import { NOTHING } from "../support/stack.ts";

const KEY = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
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
  const ticket = { system: "ServiceNow", number: "RITM0012345", requestedBy: "ada" };
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
      requested: { ticket, reason: "monthly", requester: expect.stringMatching(/^[0-9a-f-]{36}\/[0-9a-f-]{36}$/) },
      approval: { decision: "approved", reason: "change CHG0031", by: { name: "approver@goldsmith.example" } },
    },
  });
  const types = ["accepted", "waiting", "started", "finished"].map((one) => `goldsmith.build.${one}`);
  expect(told.map(({ type }) => type)).toEqual(types);
  expect(await service.stack.traces()).toEqual({ ...NOTHING, versions: 1 });
});
