import { describe, expect, it } from "vitest";
import { type Grant, MOST_GRANTS } from "../../../src/domain/grant.ts";
import { planBuild } from "../../../src/domain/plan.ts";
import type { ManagedImageTarget, Target } from "../../../src/domain/recipes/distribute.ts";
import { planContext, request, sampleRecipe, sampleTarget } from "../../support/plan.ts";

const group = `/subscriptions/${planContext.subscriptionId}/resourceGroups/rg-images`;
const image: ManagedImageTarget = {
  type: "ManagedImage",
  imageId: "/resourceGroups/RG-images/providers/Microsoft.Compute/images/base",
};
const planOf = (...distribute: Target[]) => planBuild(request, { ...sampleRecipe(), distribute }, planContext);

const creationIn = (grants: readonly Grant[]) =>
  grants.filter(({ role }) => role === "image creation").map(({ scope }) => scope);

const disk = (name: string): Target => ({ type: "VHD", uri: `https://disks1.blob.core.windows.net/vhds/${name}.vhd` });

/** Of a recipe with a target in each of so many resource groups. */
function inGroups(number: number) {
  const others = Array.from({ length: number - 1 }, (_, at) => `${group}-${at + 1}`);
  const targets = others.map((other): Target => ({
    ...image,
    imageId: `${other}/providers/Microsoft.Compute/images/base`,
    runOutputName: other.slice(-1),
  }));
  const zone = { ...planContext.zone, destinations: [group, ...others] };
  return planBuild(request, { ...sampleRecipe(), distribute: [sampleTarget(), ...targets] }, { ...planContext, zone });
}

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
    expect(creationIn(grants)).toEqual([group]);
  });

  it("is granted image creation on each group where they lie in several, and network join after all of them", () => {
    const { grants, findings } = inGroups(2);
    expect(findings).toEqual([]);
    expect(creationIn(grants)).toEqual([group, `${group}-1`]);
    expect(grants.map(({ role }) => role)).toEqual(["image creation", "image creation", "network join"]);
  });

  it("is refused where it takes more grants than a build can hold", () => {
    expect(inGroups(MOST_GRANTS - 1).findings).toEqual([]);
    expect(inGroups(MOST_GRANTS).findings).toEqual([
      expect.objectContaining({ code: "too-many-grants", severity: "blocks" }),
    ]);
  });

  it("is granted writing on the container of a VHD, once, and neither more there nor on the account's group", () => {
    const container = `${group}/providers/Microsoft.Storage/storageAccounts/Disks1/blobServices/default/containers/vhds`;
    const zone = { ...planContext.zone, destinations: [group, container] };
    const distribute = [disk("a"), disk("b")];
    const { grants, findings, images } = planBuild(
      request,
      { ...sampleRecipe(), distribute },
      { ...planContext, zone },
    );
    expect(findings).toEqual([]);
    expect(grants.map(({ role, scope }) => [role, scope])).toEqual([
      ["disk writing", container],
      ["network join", expect.any(String)],
    ]);
    expect(grants[0]?.roleDefinitionId).toMatch(/ba92f5b4-2d11-453d-a403-e96b0029c9fe$/);
    expect(images).toBe(2);
  });

  it.each([
    ["of another account", "https://disks2.blob.core.windows.net/vhds/a.vhd"],
    ["of another name", "https://disks1.blob.core.windows.net/vhds2/a.vhd"],
    ["in an account whose name is the end of the listed one", "https://isks1.blob.core.windows.net/vhds/a.vhd"],
  ])("is refused where a VHD goes to a container %s, and granted nothing for it", (_, uri) => {
    const container = `${group}/providers/Microsoft.Storage/storageAccounts/disks1/blobServices/default/containers/vhds`;
    const zone = { ...planContext.zone, destinations: [group, container] };
    const distribute: Target[] = [{ type: "VHD", uri }];
    const { grants, findings } = planBuild(request, { ...sampleRecipe(), distribute }, { ...planContext, zone });
    expect(findings).toMatchObject([{ code: "outside-trust-zone", resource: uri }]);
    expect(grants.map(({ role }) => role)).toEqual(["network join"]);
  });

  it("waits for no image where only the source is validated", () => {
    const validate = { sourceValidationOnly: true };
    expect(planBuild(request, { ...sampleRecipe(), customize: [], validate }, planContext).images).toBe(0);
  });
});
