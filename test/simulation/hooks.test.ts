import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSimulation, receiptOf, type Simulation } from "../support/simulation/simulation.ts";

const SECRET = Buffer.alloc(32, 9).toString("base64");
const HOOKS = {
  "service-now": {
    signature: { kind: "standard-webhooks" },
    secretNames: ["NOW"],
    images: ["aks-*"],
    map: {
      image: { from: "/image", map: { Jumpbox: "aks-jumpbox", Base: "ubuntu-base", Gone: "aks-gone" } },
      reason: { from: "/short_description" },
      ticket: { system: { value: "ServiceNow" }, number: { from: "/number" }, requestedBy: { from: "/opened_by" } },
    },
  },
};
const TICKET = { number: "RITM7", opened_by: "Ada", image: "Jumpbox", short_description: "monthly" };

let simulation: Simulation;
beforeAll(async () => {
  const env = { GOLDSMITH_HOOKS: JSON.stringify(HOOKS), GOLDSMITH_HOOK_SECRET_NOW: `whsec_${SECRET}` };
  simulation = await openSimulation(1, { env });
}, 120_000);
afterAll(() => simulation.close());

/** Sends a body as the system does. @param signed what is signed in its place. */
async function send(ticket: object, { id = "evt-1", signed = ticket, secondsOff = 0, name = "service-now" } = {}) {
  const at = new Date(simulation.host.clock.now() + secondsOff * 1000);
  const { status, headers, body } = await simulation.host.send({
    method: "POST",
    path: `/api/hooks/${name}`,
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": new Webhook(SECRET).sign(id, at, JSON.stringify(signed)),
    },
    body: JSON.stringify(ticket),
  });
  const text = body.toString();
  return {
    status,
    location: headers.get("location") ?? "",
    text,
    body: JSON.parse(text) as { id: string; type: string },
  };
}

const builds = () => [...simulation.host.hub.instances.values()].filter(({ name }) => name === "buildImage");

describe("a hook that refuses", () => {
  it.each([
    ["a signature over another body", 401, "hook-unverified", TICKET, { signed: { ...TICKET, number: "RITM8" } }],
    ["a stale message", 401, "hook-unverified", TICKET, { secondsOff: -400 }],
    ["a message of the future", 401, "hook-unverified", TICKET, { secondsOff: 400 }],
    ["an id with a dot", 401, "hook-unverified", TICKET, { id: "evt.1" }],
    ["an image that it may not ask for", 403, "role-missing", { ...TICKET, image: "Base" }, {}],
    ["an image that there is not", 404, "image-unknown", { ...TICKET, image: "Gone" }, {}],
    ["a word that is not mapped", 400, "hook-unmapped", { ...TICKET, image: "hunter2" }, {}],
    ["a body without what is mapped", 400, "hook-unmapped", { image: "Jumpbox" }, {}],
    ["what a request for a build does not take", 400, "hook-unmapped", { ...TICKET, number: "\u202ehunter2" }, {}],
    ["a name that is none", 404, "hook-unknown", TICKET, { name: "constructor" }],
  ])("%s answers with a problem document, and starts nothing", async (_, status, type, ticket, how) => {
    const answer = await send(ticket, how);
    expect(answer).toMatchObject({ status, body: { type: `urn:goldsmith:problem:${type}` } });
    expect(answer.text).not.toMatch(/hunter2/);
    expect(builds()).toEqual([]);
    const { archive, cloud } = simulation.world;
    expect(archive.names("archive").filter((name) => !name.startsWith("audit/"))).toEqual([]);
    expect(cloud.requests().requests).toEqual([]);
  });

  it("keeps in the audit why, which the answer does not tell", () => {
    const kept = simulation.world.archive.names("archive").map((name) => name.replace(/.*\//, ""));
    expect(kept).toEqual(
      expect.arrayContaining([
        "hook-unknown.json",
        "hook-signature-wrong.json",
        "hook-timestamp-off.json",
        "hook-id-malformed.json",
      ]),
    );
  });
});

describe("a hook", () => {
  it("starts one build by what a system sends, however often that comes, and tells its ticket in the receipt", async () => {
    const { host, world } = simulation;
    const first = await send(TICKET);
    expect(first.status).toBe(202);
    expect(await send(TICKET)).toEqual(first);
    const { id } = first.body;
    await host.instance(id);
    expect(await send(TICKET)).toEqual(first);
    expect(builds()).toHaveLength(1);
    expect(receiptOf(world, "aks-jumpbox", id)?.requested).toEqual({
      door: "hook",
      requester: "hook/service-now",
      reason: "monthly",
      ticket: { system: "ServiceNow", number: "RITM7", requestedBy: "Ada" },
    });
  });

  it("refuses another message with the id of one of before", async () => {
    const other = await send({ ...TICKET, number: "RITM9" });
    expect(other).toMatchObject({ status: 409, body: { type: "urn:goldsmith:problem:idempotency-key-reused" } });
    expect(builds()).toHaveLength(1);
  });
});
