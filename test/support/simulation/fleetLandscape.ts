/** A fleet of images that share networks and galleries: what its builds must not take from one another. */
import { builderIdentity, type Landscape, landscape } from "../../../local/landscape.ts";
import { Recipe } from "../../../src/domain/recipes/schema.ts";

const FLEET = 20;
const NETWORKS = 3;

const subscription = `/subscriptions/${landscape.subscriptionId}`;
const [imageGroup, otherImageGroup] = ["rg-images", "rg-images-other"].map(
  (name) => `${subscription}/resourceGroups/${name}`,
);
const galleries = [imageGroup, otherImageGroup].map(
  (group) => `${group}/providers/Microsoft.Compute/galleries/goldsmith`,
);
const networkGroup = `${subscription}/resourceGroups/rg-network`;
const networks = Array.from(
  { length: NETWORKS },
  (_, index) =>
    `${networkGroup}/providers/Microsoft.Network/virtualNetworks/${index === 0 ? "vnet-builds" : `vnet-builds-${index}`}`,
);

/** Image by image another pair of network and gallery. */
export const fleetRecipes: ReadonlyMap<string, Recipe> = new Map(
  Array.from({ length: FLEET }, (_, index) => {
    const name = `fleet-${String(index).padStart(2, "0")}`;
    return [
      name,
      Recipe.parse({
        name,
        description: "One of a fleet",
        location: "westeurope",
        source: { type: "PlatformImage", publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server" },
        customize: [{ type: "Shell", name: "updates", inline: ["sudo apt-get update"] }],
        distribute: {
          type: "SharedImage",
          galleryImageId: `${galleries[index % galleries.length]}/images/${name}`,
          targetRegions: [{ name: "westeurope" }],
        },
        vmProfile: {
          vmSize: "Standard_D2s_v5",
          vnetConfig: { subnetId: `${networks[index % NETWORKS]}/subnets/snet-builds` },
        },
      }),
    ];
  }),
);

/** The sample's resource again, under another id. */
function copied(id: string, as: string): Landscape["resources"][number] {
  const found = landscape.resources.find((resource) => resource.id === id);
  if (!found) throw new Error(`The landscape has no ${id}.`);
  return { id: as, body: structuredClone(found.body) };
}

/** Whoever holds something on a scope of the sample holds the same on its likes. */
function likesOf(scope: string): string[] {
  if (scope === imageGroup) return [imageGroup, otherImageGroup ?? ""];
  return scope === networks[0] ? networks : [scope];
}

export const fleetLandscape: Landscape = {
  ...landscape,
  resourceGroups: [...landscape.resourceGroups, { name: "rg-images-other", location: "westeurope" }],
  resources: [
    ...landscape.resources,
    copied(galleries[0] ?? "", galleries[1] ?? ""),
    ...networks.slice(1).map((network) => copied(networks[0] ?? "", network)),
    ...[...fleetRecipes.values()].flatMap(({ distribute }) =>
      distribute.flatMap((target) =>
        target.type === "SharedImage" ? copied(`${galleries[0]}/images/aks-jumpbox`, target.galleryImageId) : [],
      ),
    ),
  ],
  roleDefinitions: landscape.roleDefinitions.map((definition) => ({
    ...definition,
    assignableScopes: definition.assignableScopes.flatMap(likesOf),
  })),
  roleAssignments: landscape.roleAssignments.flatMap((assignment) =>
    likesOf(assignment.scope).map((scope) => ({ ...assignment, scope })),
  ),
};

export const fleetSettings = {
  GOLDSMITH_TRUST_ZONES: JSON.stringify({
    default: {
      builder: { identityId: builderIdentity.id, principalId: builderIdentity.principalId },
      destinations: [imageGroup, otherImageGroup],
      subnets: networks,
    },
  }),
};
