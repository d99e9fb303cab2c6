import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeApp } from "../support/appFolder.ts";
import { sampleRecipe } from "../support/plan.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

let stack: TestStack;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  const { schedule: _, ...recipe } = sampleRecipe();
  writeApp(folder, [
    {
      ...recipe,
      parameters: {
        kubectl: { type: "string", description: "Version of kubectl", pattern: "\\d+\\.\\d+\\.\\d+" },
        debug: { type: "boolean", description: "Whether tools for looking into it are there", default: false },
      },
    },
  ]);
  stack = await TestStack.start();
  await stack.crashAndRestart(folder);
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (body: object) =>
  stack.request("/api/images/aks-jumpbox/builds", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });

describe("a request for a build with parameters", () => {
  it("builds with what it sets, and its receipt tells that and the defaults", async () => {
    const asked = { kubectl: "1.34.1" };
    const receipt = await stack.receiptOf(await stack.startBuild({ parameters: asked }));
    expect(receipt).toMatchObject({
      outcome: { kind: "built" },
      requested: { door: "http", parameters: asked },
      parameters: { kubectl: "1.34.1", debug: false },
    });
    const dryRun = await (await ask({ dryRun: true, parameters: asked })).json();
    expect(dryRun).toMatchObject({
      state: "ready",
      plan: { templateHash: receipt.templateHash, parameters: receipt.parameters },
    });
  });

  it.each([
    ["sets none of those without default", {}, "/parameters/kubectl"],
    ["sets an unknown one", { parameters: { kubectl: "1.34.1", helm: "4" } }, "/parameters"],
    ["sets a value that is not taken", { parameters: { kubectl: "latest" } }, "/parameters/kubectl"],
  ])("is refused where it %s, and nothing is made", async (_, body, pointer) => {
    const before = await stack.traces();
    const answer = await ask(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ pointer }] });
    expect(await stack.traces()).toEqual(before);
  });

  it("is needed for a plan where a parameter has no default", async () => {
    const answer = await stack.request("/api/images/aks-jumpbox/plan");
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      type: "urn:goldsmith:problem:plan-failed",
      code: "parameters-refused",
      detail: expect.stringContaining("kubectl is missing"),
    });
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: 1 });
  });
});
