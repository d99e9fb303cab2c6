import { describe, expect, it } from "vitest";
import { attemptPause, planBuild } from "../../../src/domain/plan.ts";
import { containerSubnetId, isolatedPlan, ownNetworkPlan, subnetId } from "../../support/ground.ts";
import { planContext, request, samplePlan, sampleRecipe } from "../../support/plan.ts";

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
