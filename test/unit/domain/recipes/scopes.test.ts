import { describe, expect, it } from "vitest";
import { scopesOf } from "../../../../src/domain/recipes/scopes.ts";
import { planContext, sampleRecipe, SCRIPT_CONTAINER } from "../../../support/plan.ts";

const { subscriptionId, zone, templateResourceGroup } = planContext;
const { principalId } = zone.builder;
const group = (name: string) => `/subscriptions/${subscriptionId}/resourceGroups/${name}`;
const network = `${group("rg-network")}/providers/Microsoft.Network/virtualNetworks/vnet-builds`;
const recipes = new Map([["aks-jumpbox", sampleRecipe()]]);

describe("the scopes at which a builder may hold something", () => {
  it("are those that the recipes name", () => {
    const zones = new Map([["default", zone]]);
    expect(
      scopesOf({ recipes, broken: new Map(), notes: new Map() }, { zones, subscriptionId, templateResourceGroup }),
    ).toEqual([
      { principalId, scope: group("rg-images") },
      { principalId, scope: network },
    ]);
  });

  it("are of a VHD its container, as its zone lists it", () => {
    const container = `${group("rg-disks")}/providers/Microsoft.Storage/storageAccounts/disks1/blobServices/default/containers/c`;
    const zones = new Map([["default", { ...zone, destinations: [container] }]]);
    const uri = "https://disks1.blob.core.windows.net/c/a.vhd";
    const disks = new Map([["disk", { ...sampleRecipe(), distribute: [{ type: "VHD" as const, uri }] }]]);
    const scopes = scopesOf(
      { recipes: disks, broken: new Map(), notes: new Map() },
      { zones, subscriptionId, templateResourceGroup },
    );
    expect(scopes.map(({ scope }) => scope)).toEqual([container, network]);
  });

  it("are of scripts their container, the service's own and those that the zone lists", () => {
    const listed = SCRIPT_CONTAINER.replace("stscripts", "stother");
    const zones = new Map([["default", { ...zone, scriptContainers: [listed] }]]);
    const customize = ["stscripts", "stother", "stanother"].map((account) => ({
      type: "Shell" as const,
      scriptUri: `https://${account}.blob.core.windows.net/kept/a.sh`,
      sha256Checksum: "a".repeat(64),
    }));
    const scopes = scopesOf(
      { recipes: new Map([["long", { ...sampleRecipe(), customize }]]), broken: new Map(), notes: new Map() },
      { zones, subscriptionId, templateResourceGroup, scriptContainer: SCRIPT_CONTAINER },
    );
    expect(scopes.map(({ scope }) => scope)).toEqual([group("rg-images"), SCRIPT_CONTAINER, listed, network]);
  });

  it("are all that the zones hold as well, once it is not known what a recipe names: broken, unread, or gone from its container", () => {
    const destinations = [group("rg-one"), `${group("rg-two")}/providers/Microsoft.Compute/galleries/g`];
    const zones = new Map([
      ["other", { ...zone, destinations, subnets: [`${network}/subnets/snet`, group("rg-net")] }],
    ]);
    const none = { recipes: new Map(), broken: new Map(), notes: new Map() };
    const scopes = [
      scopesOf({ ...none, broken: new Map([["x", []]]) }, { zones, subscriptionId, templateResourceGroup }),
      scopesOf(undefined, { zones, subscriptionId, templateResourceGroup }),
      scopesOf(none, { zones, subscriptionId, templateResourceGroup, recipeContainer: "recipes" }),
    ];
    const all = [group("rg-one"), group("rg-two"), network, group("rg-net")];
    expect(scopes.map((some) => some.map(({ scope }) => scope))).toEqual([all, all, all]);
  });
});
