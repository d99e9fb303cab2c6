import { afterAll, beforeAll, expect, it } from "vitest";
import { byHand, type ManualBuild } from "../../bench/manual.ts";
import { operatorIdentity } from "../../local/landscape.ts";
import { openSimulation, type Simulation, UNSWEPT } from "../support/simulation/simulation.ts";

const GALLERY_VERSION = "Microsoft.Compute/galleries/images/versions";

let simulation: Simulation;
let build: ManualBuild;
beforeAll(async () => {
  simulation = await openSimulation(1, { env: UNSWEPT });
  build = await byHand(simulation);
}, 60_000);
afterAll(() => simulation.close());

/** What whoever builds by hand has asked of ARM. */
function asked() {
  const { requests } = simulation.world.cloud.requests();
  return requests.filter(({ principal }) => principal === operatorIdentity.principalId);
}

it("counts each request that a build by hand makes of ARM", () => {
  expect(build.armCalls).toBe(asked().length);
  expect(build.armCalls).toBeGreaterThan(50);
});

it("looks at the run's operation at once and then each half minute, as Azure CLI does", () => {
  const run = asked().findIndex(({ method, path }) => method === "POST" && path.includes("/run?"));
  const after = asked().slice(run + 1);
  const looks = after.slice(
    0,
    after.findIndex(({ path }) => !path.includes("/operations/")),
  );
  // The last is what a POST makes read, where it says.
  const times = looks.slice(0, -1).map(({ time }) => Date.parse(time));
  expect(times.length).toBeGreaterThan(40);
  expect(new Set(times.slice(1).map((time, index) => time - (times[index] ?? 0)))).toEqual(new Set([30_000]));
});

it("leaves nothing of a build by hand but its image", () => {
  const { resources, roleAssignments } = simulation.world.cloud.state();
  const types = resources.map(({ type, name }) => `${String(type)} ${String(name)}`);
  expect(roleAssignments.filter(({ standing }) => !standing)).toEqual([]);
  expect(types.filter((one) => one.includes("by-hand"))).toEqual([]);
  expect(types.filter((one) => one.startsWith(`${GALLERY_VERSION} `))).toHaveLength(1);
});
