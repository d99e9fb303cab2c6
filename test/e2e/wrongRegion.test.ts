import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeApp } from "../support/appFolder.ts";
import { sampleRecipe } from "../support/plan.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

let stack: TestStack;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  writeApp(folder, [{ ...sampleRecipe(), location: "mars" }]);
  stack = await TestStack.start({ speed: 1 });
  await stack.crashAndRestart(folder);
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

it("a recipe of a region that image builder does not have is named by health and log, and its build refused before any grant", async () => {
  const health = await stack.request("/api/health");
  expect([health.status, await health.json()]).toMatchObject([
    503,
    {
      checks: expect.arrayContaining([
        expect.objectContaining({
          name: "regions",
          state: "fails",
          seen: "aks-jumpbox: image builder is not offered in mars.",
          mend: expect.stringMatching(/^aks-jumpbox: set the recipe's location to one of .*westeurope/),
        }),
      ]),
    },
  ]);
  expect((await stack.request("/api/health/ready")).status).toBe(200);
  expect(stack.log.join("\n")).toMatch(/"event":"region not offered","message":"aks-jumpbox: /);

  const receipt = await stack.receiptOf(await stack.startBuild());
  expect(receipt).toMatchObject({
    outcome: {
      kind: "refused",
      findings: expect.arrayContaining([expect.objectContaining({ code: "region-not-supported" })]),
    },
    grants: [],
    cleanUp: { kind: "clean" },
  });
  const line = stack.log.find((one) => one.includes('"event":"build ended"')) ?? "";
  expect(line.slice(line.indexOf("{"))).toMatch(/"outcome":"refused","code":"[^"]*\bregion-not-supported\b/);
  expect(await stack.traces()).toEqual({ ...NOTHING, versions: 0 });
});
