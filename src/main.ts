/** The sole entry: reads the settings and the recipes, and builds the service on the real clients. */
import { join } from "node:path";
import { createClients } from "./azure/clients.ts";
import { readCatalogue } from "./recipes.ts";
import { registerService } from "./service.ts";
import { readSettings } from "./settings.ts";

const settings = readSettings(process.env);
registerService({
  settings,
  clients: createClients(settings),
  catalogue: readCatalogue(join(import.meta.dirname, "..", "images"), settings),
});
