import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Archive } from "../../../src/azure/archive.ts";
import { archiveNames } from "../../../src/domain/archiveNames.ts";
import { isAboutToStart, requestBuild } from "../../../src/functions/requestBuild.ts";
import { fakeDurableClient } from "../../support/fakeDurableClient.ts";
import { memoryArchive } from "../../support/simulation/memoryArchive.ts";

const ONE = "aks-jumpbox-20270115-010000-aaaa";
const OTHER = "aks-jumpbox-20270115-010001-bbbb";

let archive: Archive;
let engine: ReturnType<typeof fakeDurableClient>;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2027-01-15T01:00:00Z") });
  archive = await memoryArchive();
  engine = fakeDurableClient();
});
afterEach(() => vi.useRealTimers());

const request = (buildId: string) =>
  requestBuild(archive, engine.client, { buildId, image: "aks-jumpbox", door: "http" });

describe("requestBuild", () => {
  it("starts one build at a time", async () => {
    expect(await request(ONE)).toEqual({ kind: "started" });
    expect(await request(OTHER)).toEqual({ kind: "busy", buildId: ONE });
    engine.end(ONE);
    expect(await request(OTHER)).toEqual({ kind: "started" });
    expect(await request(OTHER)).toEqual({ kind: "known" });
  });

  it("starts one of two that are asked for at once", async () => {
    const answers = await Promise.all([request(ONE), request(OTHER)]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(["busy", "started"]);
    expect(engine.started()).toHaveLength(1);
  });

  it.each([
    ["has lost a field", { buildId: OTHER }],
    ["has a time that is none", { buildId: OTHER, since: "yesterday" }],
    ["is no object", null],
  ])("takes a turn whose document %s for nobody's, and writes it anew", async (_, document) => {
    await archive.writeJson(archiveNames.current, document);
    expect(await request(ONE)).toEqual({ kind: "started" });
    expect((await archive.readJson(archiveNames.current))?.value).toEqual({
      buildId: ONE,
      since: "2027-01-15T01:00:00.000Z",
    });
  });

  it("starts one of two at once also over such a document", async () => {
    await archive.writeJson(archiveNames.current, {});
    const answers = await Promise.all([request(ONE), request(OTHER)]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(["busy", "started"]);
  });
});

describe("a build that has the turn and no instance yet", () => {
  beforeEach(() => archive.writeJson(archiveNames.current, { buildId: ONE, since: new Date().toISOString() }));

  it("keeps others waiting, and is about to start", async () => {
    expect(await request(OTHER)).toEqual({ kind: "busy", buildId: ONE });
    expect(await isAboutToStart(archive, ONE)).toBe(true);
    expect(await isAboutToStart(archive, OTHER)).toBe(false);
  });

  it("is given up after two minutes", async () => {
    vi.setSystemTime(new Date("2027-01-15T01:02:00Z"));
    expect(await isAboutToStart(archive, ONE)).toBe(false);
    expect(await request(OTHER)).toEqual({ kind: "started" });
  });
});
