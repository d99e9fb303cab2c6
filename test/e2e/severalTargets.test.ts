import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { landscape } from "../../local/landscape.ts";
import { absoluteId } from "../../src/domain/resourceId.ts";
import { writeApp } from "../support/appFolder.ts";
import { sampleRecipe, sampleTarget } from "../support/plan.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

const imageId = `/subscriptions/${landscape.subscriptionId}/resourceGroups/rg-images/providers/Microsoft.Compute/images/jumpbox`;
const sampleDefinition = absoluteId(sampleTarget().galleryImageId, landscape.subscriptionId);
let stack: TestStack;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  writeApp(folder, [{ ...sampleRecipe(), distribute: [sampleTarget(), { type: "ManagedImage", imageId }] }]);
  stack = await TestStack.start();
  await stack.crashAndRestart(folder);
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a recipe with a gallery and a managed image as its targets", () => {
  it("is built into both, again and again, with one grant for both and nothing left", async () => {
    for (const version of ["1.0.0", "1.0.1"]) {
      const receipt = await stack.receiptOf(await stack.startBuild());
      expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
      const { outcome, grants } = receipt;
      const made = outcome.kind === "built" ? outcome.imageVersions : [];
      expect(new Set(made)).toEqual(new Set([`${sampleDefinition}/versions/${version}`, imageId]));
      expect(grants.map(({ role }) => role)).toEqual(["image creation", "network join"]);
      expect(grants.every(({ removedAt }) => removedAt)).toBe(true);
    }
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: 2 });
  });
});
