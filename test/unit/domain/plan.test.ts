import { describe, expect, it } from "vitest";
import type { BuildRequest } from "../../../src/domain/buildRequest.ts";
import { attemptPause, planBuild } from "../../../src/domain/plan.ts";
import type { Recipe } from "../../../src/domain/recipes/schema.ts";
import { containerSubnetId, isolatedPlan, ownNetworkPlan, subnetId } from "../../support/ground.ts";
import { planContext, request, samplePlan, sampleRecipe, sampleSource } from "../../support/plan.ts";

const approved = (before: "build" | "publish") =>
  planBuild(request, { ...sampleRecipe(), approval: { before, expires: "6h" } }, planContext);

describe("planBuild", () => {
  it("is the same for the same request, recipe and time", () => {
    expect(samplePlan()).toEqual(samplePlan());
  });

  it("grants image creation on the destination's resource group and network join on the virtual network, no wider", () => {
    expect(samplePlan().grants).toMatchObject([
      { role: "image creation", scope: expect.stringMatching(/\/resourceGroups\/rg-images$/) },
      { role: "network join", scope: expect.stringMatching(/\/virtualNetworks\/vnet-builds$/) },
    ]);
  });

  it("keeps out of latest what is to be approved before it is published, and waits for that only then", () => {
    const hidden = approved("publish");
    expect(hidden.template.distribute).toMatchObject([{ type: "SharedImage", excludeFromLatest: true }]);
    expect(hidden).toMatchObject({ publishSeconds: 6 * 3600 });
    expect(hidden).not.toHaveProperty("approvalSeconds");
    const shown = approved("build");
    expect(shown.template).toEqual(samplePlan().template);
    expect(shown).toMatchObject({ approvalSeconds: 6 * 3600 });
    expect(shown).not.toHaveProperty("publishSeconds");
  });

  it("attaches the build to the subnets that the recipe names, and joins their network once", () => {
    const isolated = isolatedPlan();
    expect(samplePlan().template.vmProfile.vnetConfig).toEqual({ subnetId, proxyVmSize: "Standard_A1_v2" });
    expect(isolated.template.vmProfile.vnetConfig).toEqual({ subnetId, containerInstanceSubnetId: containerSubnetId });
    expect(isolated.grants).toEqual(samplePlan().grants);
    expect(ownNetworkPlan().template.vmProfile).not.toHaveProperty("vnetConfig");
    expect(ownNetworkPlan().grants.map(({ role }) => role)).toEqual(["image creation"]);
  });

  it("gives each attempt a template and a staging resource group of its own, within Azure's lengths", () => {
    const longest = "a".repeat(24);
    const buildId = `${longest}-20260115-020000-abcd`;
    const { attempts } = planBuild({ ...request, buildId }, sampleRecipe(), planContext);
    for (const { templateName, stagingResourceGroup } of attempts) {
      expect(templateName).toMatch(/^[A-Za-z0-9-_.]{1,64}$/);
      expect(stagingResourceGroup.split("/").at(-1)?.length).toBeLessThanOrEqual(90);
    }
    expect(new Set(attempts.map(({ templateName }) => templateName)).size).toBe(attempts.length);
  });

  it.each([0, 15, 30, 60])(
    "waits, over all its attempts, longer than a propagation window of %i minutes",
    (minutes) => {
      const pauses = samplePlan()
        .attempts.slice(1)
        .map(({ number }) => attemptPause(number, minutes));
      expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(Math.max(15, minutes) * 60);
    },
  );

  it("never gives the build VM the builder's identity", () => {
    expect(samplePlan().template.vmProfile).not.toHaveProperty("userAssignedIdentities");
  });

  it("gives two builds of one recipe the same template hash, and a changed recipe another", () => {
    const recipe = sampleRecipe();
    const one = planBuild(request, recipe, planContext);
    const other = planBuild({ ...request, buildId: "aks-jumpbox-20260116-020000-test" }, recipe, planContext);
    const changed = planBuild(request, { ...recipe, buildTimeoutInMinutes: 60 }, planContext);
    expect(other.templateHash).toBe(one.templateHash);
    expect(changed.templateHash).not.toBe(one.templateHash);
  });
});

describe("a version that was decided upon", () => {
  const decided: BuildRequest = { ...request, sourceVersion: "1.10.0" };
  const definition = `/subscriptions/${planContext.subscriptionId}/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/g/images/base`;
  const version = (name: string) => ({
    type: "SharedImageVersion" as const,
    imageVersionId: `${definition}/versions/${name}`,
  });
  const recipe = sampleRecipe();
  const parent: Recipe = {
    ...recipe,
    name: "base",
    distribute: recipe.distribute.map((target) =>
      target.type === "SharedImage" ? { ...target, galleryImageId: definition } : target,
    ),
  };
  const context = { ...planContext, recipes: new Map([["base", parent]]) };
  const planned = (source: Recipe["source"], asked = decided) => planBuild(asked, { ...recipe, source }, context);

  it.each<[string, Recipe["source"], object]>([
    ["the marketplace", { ...sampleSource(), version: "Latest" }, { ...sampleSource(), version: "1.10.0" }],
    ["a gallery", version("latest"), version("1.10.0")],
    ["another recipe's gallery", { type: "Recipe", recipe: "base" }, version("1.10.0")],
  ])("stands in the template instead of the latest of %s, and makes no other recipe of it", (_, source, named) => {
    const { template, templateHash, sentHash, grants } = planned(source);
    const { template: latest, ...undecided } = planned(source, request);
    expect(template).toEqual({ ...latest, source: named });
    expect(latest.source).not.toEqual(named);
    expect({ templateHash, grants }).toEqual({ templateHash: undecided.templateHash, grants: undecided.grants });
    expect(sentHash).not.toBe(undecided.sentHash);
  });

  it.each<[string, Recipe["source"]]>([
    ["a version of the marketplace", { ...sampleSource(), version: "1.9.0" }],
    ["a version in a gallery", version("1.9.0")],
    ["a managed image", { type: "ManagedImage", imageId: `${definition.split("/galleries/")[0]}/images/base` }],
  ])("changes nothing where the recipe names %s", (_, source) => {
    expect(planned(source)).toEqual(planned(source, request));
  });

  it.each(["", "latest", "1.0.0/../../../other/versions/1.0.0", "1.0.0 "])(
    "is a number, and not %j",
    (sourceVersion) => {
      expect(() => planned(version("latest"), { ...request, sourceVersion })).toThrow("is not the number of a version");
    },
  );
});
