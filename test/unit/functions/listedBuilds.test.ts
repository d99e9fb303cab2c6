import { beforeAll, describe, expect, it } from "vitest";
import type { Archive } from "../../../src/azure/archive.ts";
import { archiveNames } from "../../../src/domain/archiveNames.ts";
import { newBuildId } from "../../../src/domain/buildId.ts";
import { cursorOf, BuildListQuery, type Place } from "../../../src/domain/buildList.ts";
import { listedBuilds, type Wanted } from "../../../src/functions/listedBuilds.ts";
import { fakeDurableClient } from "../../support/fakeDurableClient.ts";
import { memoryArchive } from "../../support/simulation/memoryArchive.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-01-15T00:00:00Z");
const COUNT = 1200;
const all = { images: () => true, limit: 100, from: {} };

let archive: Archive;
let parts = 0;
const engine = fakeDurableClient();
const ids: string[] = [];

/** A build a minute, of two images in turn; the last three are under way, and each tenth failed. */
beforeAll(async () => {
  const memory = await memoryArchive();
  archive = { ...memory, marks: (...asked) => (parts++, memory.marks(...asked)) };
  for (let at = 0; at < COUNT; at++) {
    const id = newBuildId(at % 2 ? "odd" : "even", new Date(START + at * MINUTE), [at, 0, 0, 0]);
    ids.unshift(id);
    const isUnderWay = at >= COUNT - 3;
    const state = at % 10 ? "built" : "failed";
    const ended = new Date(START + (at + 30) * MINUTE).toISOString();
    await memory.writeMark(archiveNames.listed(id), isUnderWay ? {} : { state, ended });
    if (isUnderWay) await engine.client.startNew("buildImage", { instanceId: id });
  }
});

/** Follows the list to its end. @returns the ids, and how many of the storage's parts each answer took. */
async function followed(wanted: Partial<Wanted>) {
  const found: string[] = [];
  const taken: number[] = [];
  for (let from: Place | undefined = {}; from;) {
    const before = parts;
    const { builds, next } = await listedBuilds({ archive, client: engine.client }, { ...all, ...wanted, from });
    found.push(...builds.map(({ id }) => id));
    taken.push(parts - before);
    // As a caller would give it back.
    from = next && BuildListQuery.parse({ cursor: cursorOf(next) }).cursor;
  }
  return { found, taken };
}

describe("a list of builds", () => {
  it("has each of them once, the newest first, over all its parts", async () => {
    const { found, taken } = await followed({ limit: 70 });
    expect(found).toEqual(ids);
    expect(Math.max(...taken)).toBeLessThanOrEqual(2);
  });

  it("tells of builds under way what they do, and of others what they ended as, without a look at any", async () => {
    const { builds } = await listedBuilds({ archive, client: engine.client }, { ...all, limit: 5 });
    expect(builds.map(({ state, phase }) => [state, phase])).toEqual([
      ["accepted", "accepted"],
      ["accepted", "accepted"],
      ["accepted", "accepted"],
      ["built", undefined],
      ["built", undefined],
    ]);
    expect(builds[4]).toEqual({
      id: ids[4],
      image: "odd",
      state: "built",
      askedAt: new Date(START + (COUNT - 5) * MINUTE).toISOString(),
      endedAt: new Date(START + (COUNT + 25) * MINUTE).toISOString(),
    });
  });

  it("is of one image, of one state, or of what came since", async () => {
    const ofImage = await followed({ images: (image) => image === "odd" });
    expect(ofImage.found).toEqual(ids.filter((id) => id.startsWith("odd-")));
    expect((await followed({ state: "failed" })).found).toHaveLength(COUNT / 10);
    expect((await followed({ state: "accepted" })).found).toEqual(ids.slice(0, 3));
    const since = new Date(START + (COUNT - 7) * MINUTE).toISOString();
    expect(await followed({ since })).toEqual({ found: ids.slice(0, 7), taken: [1] });
  });

  it("goes on where it was although builds have come meanwhile", async () => {
    const first = await listedBuilds({ archive, client: engine.client }, { ...all, limit: 4 });
    const newer = newBuildId("even", new Date(START + 2 * COUNT * MINUTE), [0, 0, 0, 0]);
    await archive.writeMark(archiveNames.listed(newer), { state: "built" });
    const second = await listedBuilds({ archive, client: engine.client }, { ...all, limit: 4, from: first.next ?? {} });
    expect(second.builds.map(({ id }) => id)).toEqual(ids.slice(4, 8));
    await archive.delete(archiveNames.listed(newer));
  });

  it.each(["", "x", "e30x", btoa('{"after":1}'), btoa('{"more":""}'), "a".repeat(5000)])(
    "takes no cursor that the service never gave: %s",
    (cursor) => {
      expect(BuildListQuery.safeParse({ cursor }).success).toBe(false);
    },
  );
});
