import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { SavedHistory } from "../support/orchestration.ts";
import { registeredNames } from "../support/registered.ts";
import { brokenBy, HISTORIES, readBreaks, savedSteps } from "./steps.ts";

const root = join(import.meta.dirname, "..", "..");
const EARLIER = join(import.meta.dirname, "earlier");

interface Called {
  orchestrators: Set<string>;
  activities: Set<string>;
  entities: Set<string>;
}

/** What histories name: today's, and those of before that are never recorded anew. */
function named(): Called {
  const called: Called = { orchestrators: new Set(), activities: new Set(), entities: new Set() };
  for (const folder of [HISTORIES, EARLIER]) {
    for (const file of readdirSync(folder)) {
      const { history } = JSON.parse(readFileSync(join(folder, file), "utf8")) as SavedHistory;
      for (const event of history) {
        if (event.EventType === 0 || event.EventType === 7) called.orchestrators.add(event.Name);
        if (event.EventType === 4) called.activities.add(event.Name);
        if (event.EventType === 14) called.entities.add(event.InstanceId.split("@")[1] ?? "");
      }
    }
  }
  return called;
}

let registered: Awaited<ReturnType<typeof registeredNames>>;
beforeAll(async () => {
  registered = await registeredNames();
}, 60_000);

describe("a new version of the service", () => {
  it("does in each orchestrator what the one before did, unless breaks.json says since when and why not", () => {
    const last = readBreaks().at(-1);
    expect(savedSteps()).toEqual(last?.steps);
  });

  it("tells operators of each break in docs/upgrade.md", () => {
    const page = readFileSync(join(root, "docs", "upgrade.md"), "utf8").replaceAll(/\s+/g, " ");
    for (const { version, reason } of readBreaks()) expect(page).toMatch(`| ${version} | ${reason} |`);
  });

  it("still has all that histories name: what is gone would never answer, and nobody would be told", () => {
    const { orchestrators, activities, entities } = named();
    expect([...orchestrators].filter((name) => !registered.orchestrators.includes(name))).toEqual([]);
    expect([...activities].filter((name) => !registered.activities.includes(name))).toEqual([]);
    const known = registered.entities.map((name) => name.toLowerCase());
    expect([...entities].filter((name) => !known.includes(name.toLowerCase()))).toEqual([]);
    expect(activities.size).toBeGreaterThan(15);
  });

  it("has a saved history of each of its orchestrators", () => {
    const { orchestrators } = named();
    expect(registered.orchestrators.filter((name) => !orchestrators.has(name))).toEqual([]);
  });
});

describe("a break", () => {
  it("is what does something else or is gone, and not what is new", () => {
    expect(brokenBy({ one: "a", two: "b", three: "c" }, { one: "a", two: "x", four: "d" })).toEqual(["two", "three"]);
  });
});
