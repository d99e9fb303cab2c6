import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeApp } from "../support/appFolder.ts";
import { ownHook, signedForOwnHook } from "../support/ownHook.ts";
import { sampleRecipe } from "../support/plan.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

let stack: TestStack;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  writeApp(folder, [{ ...sampleRecipe(), location: "mars" }]);
  stack = await TestStack.start({ speed: 1, env: ownHook("aks-jumpbox") });
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

const JSON_BODY = { "Content-Type": "application/json" };
const ask = (path: string, headers: Record<string, string> = {}) =>
  stack.request(path, { method: "POST", headers: { ...JSON_BODY, ...headers }, body: "{}" });

it.each(["/api/images/aks-jumpbox/builds", "/api/hooks/own"])(
  "a build in a region that image builder does not have is refused with 503 that says what to change: %s",
  async (path) => {
    const answer = await ask(path, signedForOwnHook("{}"));
    expect([answer.status, answer.headers.get("retry-after"), await answer.json()]).toMatchObject([
      503,
      "300",
      {
        type: "urn:goldsmith:problem:region-not-offered",
        detail: expect.stringMatching(/not offered in mars\. .*location to one of .*westeurope/),
        regions: [named],
        owner: "requester",
      },
    ]);
  },
);

it("so nothing is begun, and the log says what to change", async () => {
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
  const begun = await ask("/api/images/aks-jumpbox/builds", { "Idempotency-Key": "one" });
  expect(begun.status).toBe(202);
  const { id } = (await begun.json()) as { id: string };
  const receipt = await stack.receiptOf(id);
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

  // Who has lost the first answer finds that build by its key, and no other begins.
  const again = await ask("/api/images/aks-jumpbox/builds", { "Idempotency-Key": "one" });
  expect([again.status, await again.json()]).toMatchObject([202, { id }]);
  expect((await ask("/api/images/aks-jumpbox/builds", { "Idempotency-Key": "two" })).status).toBe(503);
});
