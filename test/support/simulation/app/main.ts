/** The service as `src/main.ts` builds it, but for the world that it reaches. */
import { join } from "node:path";
import { createClients } from "../../../../src/azure/clients.ts";
import { readRecipes } from "../../../../src/recipes.ts";
import { registerService } from "../../../../src/service.ts";
import { readSettings } from "../../../../src/settings.ts";
import { worldTransport } from "../world.ts";

const settings = readSettings(process.env);
const root = join(import.meta.dirname, "..", "..", "..", "..");
registerService({
  settings,
  clients: createClients(settings, worldTransport()),
  // Beside the shipped recipes those that simulations are made of.
  recipes: new Map([...readRecipes(join(root, "images")), ...readRecipes(join(import.meta.dirname, "images"))]),
});
