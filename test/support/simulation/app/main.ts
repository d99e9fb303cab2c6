/** The service as `src/main.ts` builds it, but for the world that it reaches. */
import { join } from "node:path";
import { createClients } from "../../../../src/azure/clients.ts";
import { readCatalogue } from "../../../../src/recipes.ts";
import { registerService } from "../../../../src/service.ts";
import { readSettings } from "../../../../src/settings.ts";
import { worldTransport } from "../world.ts";

const settings = readSettings(process.env);
const folders = [join(import.meta.dirname, "..", "..", "..", "..", "images"), join(import.meta.dirname, "images")];
registerService({
  settings,
  clients: createClients(settings, worldTransport()),
  // Beside the shipped recipes those that simulations are made of.
  catalogue: {
    recipes: new Map(folders.flatMap((folder) => [...readCatalogue(folder, settings.subscriptionId).recipes])),
    broken: new Map(),
  },
});
