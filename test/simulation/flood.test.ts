import { afterAll, beforeAll, expect, it } from "vitest";
import { archiveNames } from "../../src/domain/archiveNames.ts";
import { GROUND } from "../support/simulation/fleet.ts";
import { fleetRecipes } from "../support/simulation/fleetLandscape.ts";
import { openSimulation, type Simulation, warmUp } from "../support/simulation/simulation.ts";

const REQUESTS = 500;
const images = [...fleetRecipes.keys()];

let simulation: Simulation;
let ids: string[];
beforeAll(async () => {
  await warmUp();
  simulation = await openSimulation(1, { ground: GROUND });
  const headers = { "content-type": "application/json" };
  const answers = await Promise.all(
    Array.from({ length: REQUESTS }, (_, n) => {
      const path = `/api/images/${images[n % images.length]}/builds`;
      return simulation.host.send({ method: "POST", path, headers, body: JSON.stringify({ reason: `${n}` }) });
    }),
  );
  expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
  ids = answers.map(({ body }) => (JSON.parse(body.toString()) as { id: string }).id);
}, 120_000);
afterAll(() => simulation.close());

it("answers five hundred requests in the same moment, each with a build of its own that is under way", () => {
  expect(new Set(ids).size).toBe(REQUESTS);
  const builds = [...simulation.host.hub.instances.values()].filter(({ name }) => name === "buildImage");
  expect(builds.map(({ instanceId }) => instanceId).toSorted()).toEqual(ids.toSorted());
  expect(builds.filter(({ runtimeStatus }) => !/^(Pending|Running)$/.test(runtimeStatus))).toEqual([]);
  const reasons = builds.map(({ input }) => Number((JSON.parse(input ?? "") as { reason: string }).reason));
  expect(reasons.toSorted((one, other) => one - other)).toEqual(Array.from({ length: REQUESTS }, (_, n) => n));
});

it("has written two blobs for each", () => {
  const names = simulation.world.archive.names("archive");
  expect(names.filter((name) => name.startsWith(archiveNames.open("")))).toHaveLength(REQUESTS);
  expect(names.filter((name) => name.startsWith(archiveNames.allListed))).toHaveLength(REQUESTS);
});
