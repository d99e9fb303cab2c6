import { describe, expect, it } from "vitest";
import { planBuild } from "../../../src/domain/plan.ts";
import type { Target } from "../../../src/domain/recipes/distribute.ts";
import { planContext, request, sampleRecipe, sampleTarget } from "../../support/plan.ts";

const group = `/subscriptions/${planContext.subscriptionId}/resourceGroups/rg-images`;
const image: Target = {
  type: "ManagedImage",
  imageId: "/resourceGroups/RG-images/providers/Microsoft.Compute/images/base",
};
const planOf = (...distribute: Target[]) => planBuild(request, { ...sampleRecipe(), distribute }, planContext);

describe("the plan of a build with several targets", () => {
  it("has each under a name of its own, with whole ids", () => {
    const { template, images } = planOf(sampleTarget(), image, {
      ...image,
      imageId: `${image.imageId}-2`,
      runOutputName: "other",
    });
    expect(template.distribute.map(({ runOutputName }) => runOutputName)).toEqual(["gallery", "image-2", "other"]);
    expect(template.distribute[1]).toMatchObject({
      imageId: `/subscriptions/${planContext.subscriptionId}${image.imageId}`,
      location: "westeurope",
    });
    expect(images).toBe(3);
  });

  it("is granted image creation once, on the group of all", () => {
    const { grants, findings } = planOf(sampleTarget(), image);
    expect(findings).toEqual([]);
    expect(grants.imageCreation.scope).toBe(group);
  });

  it("is refused where they lie in several groups, each of which would take a grant", () => {
    const elsewhere = { ...image, imageId: image.imageId.replace("RG-images", "rg-network") };
    const zone = { ...planContext.zone, destinations: [group, group.replace("rg-images", "rg-network")] };
    const plan = planBuild(
      request,
      { ...sampleRecipe(), distribute: [sampleTarget(), elsewhere] },
      { ...planContext, zone },
    );
    expect(plan.findings).toEqual([
      expect.objectContaining({
        code: "destinations-apart",
        severity: "blocks",
        resource: expect.stringContaining("rg-network"),
      }),
    ]);
  });

  it("waits for no image where only the source is validated", () => {
    const validate = { sourceValidationOnly: true };
    expect(planBuild(request, { ...sampleRecipe(), customize: [], validate }, planContext).images).toBe(0);
  });
});
