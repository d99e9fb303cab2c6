import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const oxlint = join(dirname(createRequire(import.meta.url).resolve("oxlint/package.json")), "bin", "oxlint");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-lint-"));
  cpSync(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the project's linter says of a file with this text at this place. */
function lint(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const { stdout } = spawnSync(process.execPath, [oxlint, "--format=unix", file], { cwd: folder, encoding: "utf8" });
  rmSync(file);
  return stdout;
}

describe("an orchestrator", () => {
  it.each([
    ["the time", "export const now = Date.now();"],
    ["chance", "export const chance = Math.random();"],
    ["the environment", "export const setting = process.env.SETTING;"],
    ["a timer", "setTimeout(() => {}, 1000);"],
    ["the network", "export const answer = fetch;"],
    ["Node's modules", 'import { readFileSync } from "node:fs";\nexport const read = readFileSync;'],
    ["an SDK wrapper", 'import { archive } from "../azure/archive.ts";\nexport const use = archive;'],
    [
      "an activity itself",
      'import { planActivities } from "../activities/plan.ts";\nexport const use = planActivities;',
    ],
    ["the engine's plumbing", 'import * as df from "durable-functions";\nexport const use = df;'],
  ])("may not use %s", (_, text) => {
    expect(lint("src/orchestrators/bad.ts", text)).toMatch(/no-restricted/);
  });

  it("may import the types of activities and the values of the domain", () => {
    const text = `import type { BuildActivities } from "../activities/index.ts";
import { advise } from "../domain/advice.ts";
export type Activities = BuildActivities;
export const use = advise;`;
    expect(lint("src/orchestrators/good.ts", text)).not.toMatch(/no-restricted/);
  });
});

describe("arrows between folders", () => {
  it.each([
    ["src/domain/bad.ts", "../azure/archive.ts"],
    ["src/domain/bad.ts", "node:fs"],
    ["src/azure/bad.ts", "../activities/plan.ts"],
    ["src/azure/bad.ts", "../durable/call.ts"],
    ["src/activities/bad.ts", "../../local/landscape.ts"],
    ["local/azure/bad.ts", "../../src/domain/grant.ts"],
  ])("do not lead from %s to %s", (file, target) => {
    expect(lint(file, `import { thing } from "${target}";\nexport const use = thing;`)).toMatch(
      /no-restricted-imports/,
    );
  });
});
