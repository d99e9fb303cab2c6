/** The service as `src/main.ts` builds it, but for the world that it reaches. */
import { join } from "node:path";
import { createClients } from "../../../../src/azure/clients.ts";
import { readRecipes } from "../../../../src/recipes.ts";
import { registerService } from "../../../../src/service.ts";
import { readSettings } from "../../../../src/settings.ts";
import { worldTransport } from "../world.ts";

const settings = readSettings(process.env);
registerService({
  settings,
  clients: createClients(settings, worldTransport()),
  recipes: readRecipes(join(import.meta.dirname, "..", "..", "..", "..", "images")),
});
