import { afterEach, beforeAll, expect, it } from "vitest";
import { buildImage } from "../../src/orchestrators/buildImage.ts";
import { PATHS } from "../support/faults/strikes.ts";
import { description } from "../support/openApi.ts";
import { openSimulation, type Simulation, warmUp } from "../support/simulation/simulation.ts";

// The simulation holds each answer against docs/openapi.json: what is asked here is every door, in every state.
let simulation: Simulation;
beforeAll(warmUp, 120_000);
afterEach(() => simulation.close());

async function ask(method: string, path: string, body?: object) {
  const answer = await simulation.host.send({
    method,
    path,
    headers: body ? { "content-type": "application/json" } : {},
    body: body ? JSON.stringify(body) : "",
  });
  return { status: answer.status, body: JSON.parse(answer.body.toString()) as Record<string, never> };
}

const startBuild = async () => String((await ask("POST", "/api/images/aks-jumpbox/builds", {})).body["id"]);
const look = async (id: string) => {
  const { state, phase } = (await ask("GET", `/api/builds/${id}`)).body;
  return [state, phase].filter(Boolean).join(": ");
};

/** Looks every five seconds until the build has ended. @returns what it showed, each once. */
async function follow(id: string): Promise<string[]> {
  const seen = new Set<string>();
  for (;;) {
    const shown = await look(id);
    seen.add(shown);
    if (!shown.includes(": ")) return [...seen];
    await simulation.host.clock.sleep(5000);
  }
}

it("tells of a build as described from its first phases to its receipt", async () => {
  simulation = await openSimulation(1);
  // Not each of a run's phases is seen: it is looked at seldom.
  const phases = ["creating the template", "running", "running: building"];
  const later = ["running: customizing", "cleaning up"];
  expect(await follow(await startBuild())).toEqual(
    expect.arrayContaining([...[...phases, ...later].map((phase) => `running: ${phase}`), "built"]),
  );
});

it("tells as described that it is not ready until Azure has said whether the settings are right, and that it is then", async () => {
  simulation = await openSimulation(1);
  const early = await ask("GET", "/api/health/ready");
  expect(early).toMatchObject({ status: 503, body: { type: "urn:goldsmith:problem:azure-busy" } });
  await simulation.host.clock.sleep(5000);
  expect(await ask("GET", "/api/health/ready")).toMatchObject({ status: 200, body: { state: "ready" } });
});

it("tells of waiting, cancelled, ended and lost builds as described", async () => {
  simulation = await openSimulation(1);
  const { host } = simulation;
  const cancelled = await startBuild();
  await host.clock.sleep(2000);
  const waiting = await startBuild();
  await host.clock.sleep(120_000);
  expect(await look(waiting)).toBe("waiting: waiting for its turn");
  expect(await ask("POST", `/api/builds/${cancelled}/cancel`, { reason: "r" })).toMatchObject({ status: 202 });
  expect((await follow(cancelled)).at(-1)).toBe("cancelled");
  expect(await ask("POST", `/api/builds/${cancelled}/cancel`, {})).toMatchObject({ status: 200 });
  expect((await follow(waiting)).at(-1)).toBe("built");
  expect(await ask("POST", `/api/builds/${waiting}/cancel`, {})).toMatchObject({ status: 409 });

  expect((await ask("GET", "/api/builds?limit=1")).body).toMatchObject({
    builds: [{ id: waiting, state: "built", endedAt: expect.anything() }],
    next: expect.stringContaining("/api/builds?limit=1&cursor="),
  });

  const lost = await startBuild();
  await host.clock.sleep(120_000);
  await host.send({ method: "POST", path: `/runtime/webhooks/durabletask/instances/${lost}/terminate`, body: "" });
  await host.instance(lost);
  expect(await ask("GET", `/api/builds/${lost}`)).toMatchObject({
    body: { state: "failed", detail: expect.anything() },
  });
  await host.clock.sleep(12 * 3_600_000);
  const { receipt } = (await ask("GET", `/api/builds/${lost}`)).body;
  expect(receipt).toMatchObject({ outcome: { failure: { code: "build-lost" } } });
  const { builds } = (await ask("GET", "/api/builds?image=aks-jumpbox")).body;
  expect(builds).toMatchObject([
    { id: lost, state: "failed" },
    { state: "built" },
    { id: cancelled, state: "cancelled" },
  ]);
});

it.each([
  ["refused", { method: "GET", path: "/galleries/[^/]+/images/[^/?]+(\\?|$)", status: 404, code: "ResourceNotFound" }],
  ["failed", { method: "PUT", path: PATHS.template, status: 400, code: "ValidationFailed" }],
])("tells of a %s build as described", async (state, fault) => {
  simulation = await openSimulation(1);
  simulation.world.cloud.addFault({ kind: "respond", ...fault });
  expect((await follow(await startBuild())).at(-1)).toBe(state);
});

it("tells of images, plans, sweeps and itself as described", async () => {
  simulation = await openSimulation(1);
  const { host } = simulation;
  expect(await ask("GET", "/api/images")).toMatchObject({ status: 200 });
  expect(await ask("GET", "/api/images/aks-jumpbox")).toMatchObject({ status: 200 });
  expect(await ask("GET", "/api/images/aks-jumpbox/plan")).toMatchObject({ status: 200, body: { state: "ready" } });
  expect(await ask("POST", "/api/images/aks-jumpbox/builds", { dryRun: true })).toMatchObject({ status: 200 });
  const { id } = (await ask("POST", "/api/sweep")).body;
  expect(await ask("GET", `/api/sweeps/${String(id)}`)).toMatchObject({ body: { state: "running" } });
  await host.instance(String(id));
  expect(await ask("GET", "/api/sweeps/latest")).toMatchObject({ body: { state: "done" } });
  expect((await ask("GET", "/api/openapi.json")).body).toEqual(description);
  expect([...host.hub.instances.values()].filter(({ name }) => name === buildImage.name)).toEqual([]);
});

it.each([
  ["GET", "/api/images/none"],
  ["GET", "/api/images/none/plan"],
  ["POST", "/api/builds/aks-jumpbox-20260115-020304-a7a7/cancel"],
  ["GET", "/api/builds/aks-jumpbox-20260115-020304-a7a7/plan"],
  ["GET", "/api/sweeps/sweep-20260115-020304-timer"],
])("refuses what there is not as described: %s %s", async (method, path) => {
  simulation = await openSimulation(1);
  expect(await ask(method, path, method === "POST" ? {} : undefined)).toMatchObject({ status: 404 });
});
