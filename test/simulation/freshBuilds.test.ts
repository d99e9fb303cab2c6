import { afterEach, expect, it } from "vitest";
import type { TestHost } from "../../local/functionsHost/testing/testHost.ts";
import type { BuildRequest } from "../../src/domain/buildRequest.ts";
import { putDocument } from "../support/faults/sweeping.ts";
import { openSimulation, receiptOf, type Simulation, UNSWEPT } from "../support/simulation/simulation.ts";

let simulation: Simulation;
afterEach(() => simulation.close());

const MINUTE = 60_000;
const request: BuildRequest = { buildId: "aks-jumpbox-20300101-000000-aaaa", image: "aks-jumpbox", door: "http" };
const env = { GOLDSMITH_SWEEP_GRACE_MINUTES: "0", ...UNSWEPT };

async function sweep(host: TestHost): Promise<void> {
  const { body } = await host.send({ method: "POST", path: "/api/sweep", headers: {}, body: "" });
  await host.instance((JSON.parse(body.toString()) as { id: string }).id);
}

const told = async (host: TestHost) => {
  const path = `/api/builds/${request.buildId}`;
  const { body } = await host.send({ method: "GET", path, headers: {}, body: "" });
  return (JSON.parse(body.toString()) as { state?: string }).state;
};

it("closes no build that has just been asked for and not begun yet, though there is no grace", async () => {
  simulation = await openSimulation(1, { env });
  const { host, world } = simulation;
  // The door has kept the request, and is about to begin the build.
  putDocument({ world }, `open/${request.buildId}.json`, request);
  await sweep(host);
  expect(receiptOf(world, request.image, request.buildId)).toBeUndefined();

  await host.send({
    method: "POST",
    path: `/runtime/webhooks/durabletask/orchestrators/buildImage/${request.buildId}`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  await sweep(host);
  await host.instance(request.buildId);
  expect(await told(host)).toBe("built");
});

it("closes one that has never begun some minutes later", async () => {
  simulation = await openSimulation(1, { env });
  const { host, world } = simulation;
  putDocument({ world }, `open/${request.buildId}.json`, request);
  await host.clock.sleep(10 * MINUTE);
  await sweep(host);
  expect(await told(host)).toBe("failed");
  expect(receiptOf(world, request.image, request.buildId)).toMatchObject({
    requested: { door: "http" },
    outcome: { failure: { code: "build-lost" } },
    cleanUp: { kind: "clean" },
    log: { kind: "none" },
    grants: [],
  });
});
