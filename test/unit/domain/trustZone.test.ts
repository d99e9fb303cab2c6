import { describe, expect, it } from "vitest";
import { planBuild } from "../../../src/domain/plan.ts";
import { subnetsOf } from "../../../src/domain/topology.ts";
import { outsideZone, TrustZone } from "../../../src/domain/trustZone.ts";
import { planContext, request, sampleRecipe } from "../../support/plan.ts";

const group = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups";
const zone: TrustZone = {
  builder: planContext.zone.builder,
  destinations: [`${group}/rg-images`],
  sources: [`${group}/rg-sources`],

  scriptContainers: [],
  subnets: [`${group}/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-builds`],
  vmIdentities: [],
  networkRequired: false,
};
const inside = {
  destinationIds: [`${group}/rg-images/providers/Microsoft.Compute/galleries/g/images/i`],
  subnetIds: [`${group}/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-builds/subnets/s`],
};

describe("a trust zone", () => {
  it("holds what lies in its scopes, whatever the case", () => {
    expect(outsideZone("z", zone, inside)).toEqual([]);
    expect(
      outsideZone("z", zone, { ...inside, destinationIds: inside.destinationIds.map((id) => id.toUpperCase()) }),
    ).toEqual([]);
  });

  it.each(["rg-images", "rg-sources"])("holds a source in %s", (name) => {
    const sourceId = `${group}/${name}/providers/Microsoft.Compute/images/base`;
    expect(outsideZone("z", zone, { ...inside, sourceId })).toEqual([]);
  });

  it.each([
    ["another group", { destinationIds: inside.destinationIds.map((id) => id.replace("rg-images", "rg-other")) }],
    [
      "a group whose name only begins so",
      { destinationIds: inside.destinationIds.map((id) => id.replace("rg-images", "rg-images2")) },
    ],
    ["another subscription", { destinationIds: inside.destinationIds.map((id) => id.replace("11111111", "21111111")) }],
    ["a source elsewhere", { sourceId: `${group}/rg-other/providers/Microsoft.Compute/images/base` }],
    [
      "a destination where builds only begin",
      { destinationIds: inside.destinationIds.map((id) => id.replace("rg-images", "rg-sources")) },
    ],
    ["an identity of the build VM", { vmIdentities: [zone.builder.identityId.replace(/builder$/, "secrets")] }],
    ["another network", { subnetIds: inside.subnetIds.map((id) => id.replace("vnet-builds", "vnet-builds-2")) }],
    ["another network beside its own", { subnetIds: [...inside.subnetIds, `${group}/rg-other/providers/x/s`] }],
  ])("does not hold %s, which blocks the build", (_, change) => {
    expect(outsideZone("z", zone, { ...inside, ...change })).toEqual([
      expect.objectContaining({ code: "outside-trust-zone", severity: "blocks", owner: "platform" }),
    ]);
  });

  it("bounds a recipe's plan", () => {
    const plan = planBuild(request, sampleRecipe(), {
      ...planContext,
      zone: { ...planContext.zone, subnets: [`${group}/rg-other`] },
    });
    expect(plan.findings.map(({ resource }) => resource)).toEqual(subnetsOf(plan.topology));
  });

  it("cannot have its builder among the identities of the build VM, where any script could act as it", () => {
    const vmIdentities = [zone.builder.identityId.toUpperCase()];
    expect(TrustZone.safeParse({ ...zone, vmIdentities }).success).toBe(false);
  });

  it.each([
    ["a subscription", [group.split("/").slice(0, 3).join("/")]],
    ["a management group", ["/providers/Microsoft.Management/managementGroups/all"]],
    ["everything", ["/"]],
    ["the group above", [`${group}/..`]],
    ["an id with a way up", [`${group}/rg-images/../rg-other`]],
    ["nothing", []],
  ])("cannot have %s as its destinations", (_, destinations) => {
    expect(TrustZone.safeParse({ ...zone, destinations }).success).toBe(false);
  });
});
