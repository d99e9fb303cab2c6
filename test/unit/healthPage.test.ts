import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CHECKS } from "../../src/domain/health.ts";
import { inTheWay, type Work } from "../../src/domain/work.ts";
import { SETTING_NAMES } from "../../src/settings.ts";

const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "health.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|")[1] ?? "");
const namesIn = (cell: string) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? "");

const keep = (work: Work) => (setting: string) => inTheWay([{ setting, state: "wrong", mend: "" }], work).length > 0;

describe("docs/health.md", () => {
  it("has a row for each check, in the order in which they are told", () => {
    expect(rows.flatMap(namesIn).filter((name) => CHECKS.some((check) => check === name))).toEqual([...CHECKS]);
  });

  it("names the settings without which the sweeper does nothing, and that without which templates wait, and no others", () => {
    const [forAll = [], ...more] = rows.map(namesIn).filter((names) => names.length > 1);
    expect(more).toEqual([]);
    expect(forAll.filter(keep("ends"))).toEqual(forAll);
    const others = SETTING_NAMES.filter((name) => !forAll.includes(name));
    expect(others.length).toBeGreaterThan(10);
    expect(others.filter(keep("ends"))).toEqual([]);
    expect(others.filter(keep("templates"))).toEqual(["GOLDSMITH_TEMPLATE_RESOURCE_GROUP"]);
  });
});
