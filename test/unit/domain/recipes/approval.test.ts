import { describe, expect, it } from "vitest";
import { approval } from "../../../../src/domain/recipes/approval.ts";
import type { Target } from "../../../../src/domain/recipes/distribute.ts";
import { Recipe } from "../../../../src/domain/recipes/schema.ts";
import { sampleRecipe } from "../../../support/plan.ts";

describe("a recipe's approval", () => {
  it("is waited for three days unless told", () => {
    expect(approval.parse({ before: "build" })).toEqual({ before: "build", expires: "3d" });
  });

  it.each(["1h", "90m", "30d"])("may be waited for %s", (expires) => {
    expect(approval.safeParse({ before: "build", expires }).success).toBe(true);
  });

  it.each(["59m", "31d", "0d", "3", "forever"])("cannot be waited for %s", (expires) => {
    expect(approval.safeParse({ before: "build", expires }).success).toBe(false);
  });

  it("has to be before something that can wait", () => {
    expect(approval.safeParse({ before: "publish" }).success).toBe(true);
    expect(approval.safeParse({ before: "run" }).success).toBe(false);
    expect(approval.safeParse({}).success).toBe(false);
  });
});

/** What is wrong with the sample where it is changed so. */
const faults = (changes: object) => {
  const read = Recipe.safeParse({ ...sampleRecipe(), approval: { before: "publish" }, ...changes });
  return (read.error?.issues ?? []).map(({ path, message }) => `${path.join(".")} ${message}`);
};

describe("a recipe that has its versions approved before they are published", () => {
  const inGallery = sampleRecipe().distribute;
  const managed: Target = {
    type: "ManagedImage",
    imageId: "/resourceGroups/rg-images/providers/Microsoft.Compute/images/one",
    runOutputName: "managed",
  };
  const disk: Target = { type: "VHD", uri: "https://stone.blob.core.windows.net/vhds/one.vhd", runOutputName: "disk" };
  const hidden = inGallery.map((target) => ({ ...target, excludeFromLatest: true }));
  const onlyTried = { sourceValidationOnly: true, inVMValidations: [{ type: "Shell", name: "one", inline: ["true"] }] };

  it("makes versions in galleries", () => {
    expect(faults({})).toEqual([]);
  });

  it.each([
    ["a managed image", { distribute: [managed] }, /SharedImage: a managed image/],
    ["a VHD beside a version", { distribute: [...inGallery, disk] }, /SharedImage: a managed image/],
    ["what is never the latest", { distribute: hidden }, /excludeFromLatest/],
    ["nothing", { customize: [], validate: onlyTried }, /nothing is made/],
  ])("cannot make %s", (_, changes, message) => {
    expect(faults(changes)).toEqual([expect.stringMatching(message)]);
    expect(faults(changes)[0]).toMatch(/^approval\.before takes /);
    expect(faults({ ...changes, approval: { before: "build" } })).toEqual([]);
  });
});
