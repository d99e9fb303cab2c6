/** The service with as many images as it is told, all alike. */
import { createClients } from "../../src/azure/clients.ts";
import { Recipe } from "../../src/domain/recipes/schema.ts";
import { registerService } from "../../src/service.ts";
import { readSettings } from "../../src/settings.ts";
import { worldOutgoing, worldTelemetry, worldTransport } from "../../test/support/simulation/world.ts";

const settings = readSettings(process.env);
const inSubscription = `/subscriptions/${settings.subscriptionId}/resourceGroups`;

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

registerService({
  version: "simulated",
  settings,
  clients: createClients(settings, worldTransport(), worldTelemetry),
  outgoing: worldOutgoing,
  telemetry: worldTelemetry,
  catalogue: () => Promise.resolve({ recipes, broken: new Map(), notes: new Map() }),
});
