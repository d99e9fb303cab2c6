import type { DurableClient } from "durable-functions";
import { expect, it } from "vitest";
import { follower, WIDTH } from "../../../src/activities/follow.ts";
import type { Archive } from "../../../src/azure/archive.ts";
import { readFollowState } from "../../../src/azure/followStates.ts";
import { archiveNames } from "../../../src/domain/archiveNames.ts";
import { imageOfBuild } from "../../../src/domain/buildId.ts";
import type { Recipe } from "../../../src/domain/recipes/schema.ts";
import { scheduledRecipe } from "../../support/scheduledRecipe.ts";
import { memoryArchive } from "../../support/simulation/memoryArchive.ts";

const { schedule: _, ...sample } = scheduledRecipe("one", { cron: "0 2 * * *" });
const recipes: Recipe[] = Array.from({ length: WIDTH + 5 }, (__, number) => ({
  ...sample,
  name: `app-${String(number).padStart(2, "0")}`,
  follow: {},
}));
const release = { source: "canonical:ubuntu:server", version: "1.0.0" };
const AT = "2027-01-01T00:00:00.000Z";
const client = {} as DurableClient;

function opened(archive: Archive, isKilled = () => false) {
  const requested: string[] = [];
  const versions = new Set<string | undefined>();
  const it = follower({
    clients: { reader: {} as never },
    settings: { subscriptionId: "s", installationId: "test" },
    catalogue: () => Promise.reject(new Error("Nobody asks for it.")),
    archive,
    requestBuild: async (_archive, _client, { buildId, sourceVersion }) => {
      if (isKilled()) throw new Error("The host is killed.");
      if (!requested.includes(buildId)) requested.push(buildId);
      versions.add(sourceVersion);
    },
  });
  const look = async (at = AT, some = recipes) => {
    const judged = await it.judge(some, release, () => ({ kind: "newest" }), { at, since: AT });
    return it.carryOut(client, release, judged, at);
  };
  return { requested, versions, look };
}

it("keeps so many builds going on one version, and the others wait until some have ended", async () => {
  const archive = await memoryArchive();
  const { requested, look } = opened(archive);
  expect(await look()).toEqual({ waits: true, until: "2027-01-01T00:05:00.000Z" });
  expect(requested).toHaveLength(WIDTH);
  const last = recipes.at(-1)?.name ?? "";
  expect((await readFollowState(archive, last)).decisions).toMatchObject([{ kind: "waiting", why: "width" }]);

  for (const buildId of requested.slice(0, 3))
    await archive.writeJson(archiveNames.receipt(imageOfBuild(buildId) ?? "", buildId), {});
  await look("2027-01-01T00:05:00.000Z");
  expect(requested).toHaveLength(WIDTH + 3);
  for (const buildId of requested)
    await archive.writeJson(archiveNames.receipt(imageOfBuild(buildId) ?? "", buildId), {});
  expect(await look("2027-01-01T00:10:00.000Z")).toEqual({ waits: false });
  expect(requested.map((buildId) => imageOfBuild(buildId))).toEqual(recipes.map(({ name }) => name));
});

it("has each build begin with that very version, also where it is seen to once more", async () => {
  const { versions, look } = opened(await memoryArchive());
  await look();
  await look("2027-01-01T00:05:00.000Z");
  expect([...versions]).toEqual([release.version]);
});

it("starts one build of an image, whichever hosts look at the same time, and later", async () => {
  const archive = await memoryArchive();
  const [one, other] = [opened(archive), opened(archive)];
  const some = recipes.slice(0, 2);
  await Promise.all([one.look(AT, some), other.look("2027-01-01T00:00:07.000Z", some)]);
  await one.look("2027-01-02T00:00:00.000Z", some);
  expect(new Set([...one.requested, ...other.requested]).size).toBe(2);
});

it("starts the build that was decided upon where the host was killed before it had", async () => {
  const archive = await memoryArchive();
  const some = recipes.slice(0, 1);
  await expect(opened(archive, () => true).look(AT, some)).rejects.toThrow("killed");
  const decided = (await readFollowState(archive, "app-00")).decisions[0]?.buildId;
  const { requested, look } = opened(archive);
  await look("2027-01-01T00:01:00.000Z", some);
  expect(requested).toEqual([decided]);
});
