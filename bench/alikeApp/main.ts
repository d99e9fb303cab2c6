/** The service with as many images as it is told, all alike. */
import { Recipe } from "../../src/domain/recipes/schema.ts";
import { registerSimulated } from "../../test/support/simulation/registerSimulated.ts";

const inSubscription = `/subscriptions/${process.env.AZURE_SUBSCRIPTION_ID}/resourceGroups`;

const recipes = new Map(
  (process.env.ALIKE_IMAGES ?? "").split(",").map((name) => [
    name,
    Recipe.parse({
      name,
      description: "One of many",
      location: "westeurope",
      source: { type: "PlatformImage", publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server" },
      customize: [{ type: "Shell", name: "updates", inline: ["sudo apt-get update"] }],
      distribute: {
        type: "SharedImage",
        galleryImageId: `${inSubscription}/rg-images/providers/Microsoft.Compute/galleries/goldsmith/images/${name}`,
        targetRegions: [{ name: "westeurope" }],
      },
      vmProfile: {
        vmSize: "Standard_D2s_v5",
        vnetConfig: {
          subnetId: `${inSubscription}/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-builds/subnets/snet-builds`,
        },
      },
    }),
  ]),
);

registerSimulated(() => ({ recipes }));
