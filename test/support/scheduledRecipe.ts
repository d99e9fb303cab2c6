import { Recipe } from "../../src/domain/recipes/schema.ts";

/** A recipe of that name and schedule, in UTC and without jitter where that tells neither. */
export function scheduledRecipe(name: string, schedule: object): Recipe {
  const subnetId = "/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/vnet/subnets/s";
  const galleryImageId = "/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/i";
  return Recipe.parse({
    name,
    description: "an image",
    location: "westeurope",
    source: { type: "PlatformImage", publisher: "p", offer: "o", sku: "s" },
    customize: [{ type: "Shell", name: "n", inline: ["true"] }],
    distribute: { type: "SharedImage", galleryImageId, targetRegions: [{ name: "westeurope" }] },
    vmProfile: { vmSize: "Standard_D2s_v5", vnetConfig: { subnetId } },
    schedule: { jitter: "0m", ...schedule },
  });
}
