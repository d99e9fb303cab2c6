import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openSimulation, receiptOf, type Simulation, startBuild, warmUp } from "../support/simulation/simulation.ts";

const DENIED = { kind: "respond", status: 403, code: "AuthorizationFailed" } as const;
const MISSING = { kind: "respond", status: 404, code: "ResourceNotFound" } as const;

let simulation: Simulation;
beforeAll(warmUp);
beforeEach(async () => {
  simulation = await openSimulation(1);
});
afterEach(() => simulation.close());

async function ask(method: string, path: string, body?: object) {
  const answer = await simulation.host.send({
    method,
    path: `/api/images/aks-jumpbox/${path}`,
    headers: body ? { "content-type": "application/json" } : {},
    body: body ? JSON.stringify(body) : "",
  });
  return { status: answer.status, body: JSON.parse(answer.body.toString()) as Record<string, never> };
}

/** What was asked of Azure that could change something; blobs are not among it. */
const changes = () =>
  simulation.world.cloud
    .requests()
    .requests.filter(({ method, path }) => method !== "GET" && path.startsWith("/subscriptions/"));

describe("a build that is only planned", () => {
  it.each([
    ["by its plan", () => ask("GET", "plan")],
    ["by a dry run", () => ask("POST", "builds", { dryRun: true })],
  ])("tells, asked %s, what it would do, and does nothing", async (_, plan) => {
    expect(await plan()).toMatchObject({
      status: 200,
      body: {
        image: "aks-jumpbox",
        state: "ready",
        source: { id: "Canonical:ubuntu-24_04-lts:server:latest", version: expect.stringMatching(/^24\.04\.\d+$/) },
        plan: { topology: { kind: "private link" }, grants: [{ role: "image creation" }, { role: "network join" }] },
      },
    });
    expect(changes()).toEqual([]);
    expect(simulation.host.hub.instances.size).toBe(0);
    expect(simulation.world.archive.names("archive")).toEqual([]);
  });

  it("tells what would refuse it, with what mends it", async () => {
    simulation.world.cloud.addFault({ method: "GET", path: "/galleries/[^/]+/images/[^/?]+(\\?|$)", ...MISSING });
    const { body } = await ask("GET", "plan");
    expect(body).toMatchObject({
      state: "refused",
      findings: expect.arrayContaining([
        expect.objectContaining({
          code: "definition-not-found",
          severity: "blocks",
          command: expect.stringContaining("az sig image-definition create"),
        }),
      ]),
    });
  });

  it("is not told while Azure throttles, but when to ask again", async () => {
    const fault = { method: "GET", kind: "respond", status: 429, headers: { "Retry-After": "17" } } as const;
    simulation.world.cloud.addFault(fault);
    expect(await ask("GET", "plan")).toMatchObject({ status: 503, body: { type: "urn:goldsmith:problem:azure-busy" } });
  });

  it("is not there of an image that has no recipe", async () => {
    const answer = await simulation.host.send({ method: "GET", path: "/api/images/none/plan", headers: {}, body: "" });
    expect(answer.status).toBe(404);
  });
});

describe("a build that a warning does not stop", () => {
  it("tells it in its receipt", async () => {
    const { world, host } = simulation;
    world.cloud.addFault({ method: "GET", path: "virtualNetworks/[^/]+/usages(\\?|$)", ...DENIED });
    const id = await startBuild(host, 1);
    await host.instance(id);
    const receipt = receiptOf(world, "aks-jumpbox", id);
    expect(receipt?.outcome.kind).toBe("built");
    expect(receipt?.findings?.map(({ code }) => code)).toContain("subnet-usages-unreadable");
    expect(receipt?.timeline.map(({ event }) => event)).toContain("warned");
  });
});

describe("a build that was refused", () => {
  it("goes once the ground is mended, although what was seen is still remembered", async () => {
    const { world } = simulation;
    world.cloud.addFault({ method: "GET", path: "/galleries/[^/]+/images/[^/?]+(\\?|$)", count: 1, ...MISSING });
    expect((await ask("GET", "plan")).body).toMatchObject({ state: "refused" });
    expect((await ask("GET", "plan")).body).toMatchObject({ state: "ready" });
  });
});
