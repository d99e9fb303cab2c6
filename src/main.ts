/** The sole entry: reads the settings and the recipes, and builds the service on the real clients. */
import { join } from "node:path";
import { createClients } from "./azure/clients.ts";
import { recipeContainer } from "./azure/recipeContainer.ts";
import type { AskCatalogue } from "./domain/recipes/catalogue.ts";
import { outgoing } from "./http/outgoing.ts";
import { readCatalogue } from "./recipes.ts";
import { registerService } from "./service.ts";
import { readSettings } from "./settings.ts";

const settings = readSettings(process.env);
const clients = createClients(settings);
registerService({
  settings,
  clients,
  outgoing: outgoing(),
  catalogue: clients.recipes ? recipeContainer(clients.recipes, settings) : ofPackage(),
});

function ofPackage(): AskCatalogue {
  const catalogue = readCatalogue(join(import.meta.dirname, "..", "images"), settings);
  return () => Promise.resolve(catalogue);
}
