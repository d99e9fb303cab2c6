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

const named = {
  seen: "aks-jumpbox: image builder is not offered in mars.",
  mend: expect.stringMatching(/^aks-jumpbox: set the recipe's location to one of .*westeurope/),
};

it("a build in a region that image builder does not have is refused with 503, and the log says what to change", async () => {
  const answer = await stack.request("/api/images/aks-jumpbox/builds", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toMatchObject([
    503,
    "60",
    { type: "urn:goldsmith:problem:region-not-offered", regions: [named], owner: "requester" },
  ]);
  expect(stack.log.join("\n")).toMatch(/"event":"region not offered","message":"aks-jumpbox: .*westeurope/);
  const { builds } = (await (await stack.request("/api/builds")).json()) as { builds: unknown[] };
  expect(builds).toEqual([]);
  expect(await stack.traces()).toEqual({ ...NOTHING, versions: 0 });
});

it("such a recipe is named by health and log before anybody asks for it", async () => {
  const health = await stack.request("/api/health");
  expect([health.status, await health.json()]).toMatchObject([
    503,
    {
      checks: expect.arrayContaining([expect.objectContaining({ name: "regions", state: "fails", ...named })]),
    },
  ]);
  expect((await stack.request("/api/health/ready")).status).toBe(200);
});

it("one that is begun all the same, while Azure does not say where it has what, is refused before any grant", async () => {
  await stack.crashAndRestart(folder);
  const unanswered = { method: "GET", path: "/providers$", count: 3 };
  await stack.control("POST", "faults", { kind: "respond", status: 503, code: "ServiceUnavailable", ...unanswered });
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
