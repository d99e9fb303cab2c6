/** The sole entry: reads the settings and the recipes, and builds the service on the real clients. */
import { join } from "node:path";
import { app } from "@azure/functions";
import { createClients } from "./azure/clients.ts";
import { recipeContainer } from "./azure/recipeContainer.ts";
import type { AskCatalogue } from "./domain/recipes/catalogue.ts";
import { outgoing } from "./http/outgoing.ts";
import { readCatalogue } from "./recipes.ts";
import { registerService } from "./service.ts";
import { readSettings } from "./settings.ts";
import { startTelemetry } from "./telemetry/startTelemetry.ts";

const settings = readSettings(process.env);
const telemetry = startTelemetry(settings.telemetry, settings.installationId);
// The platform takes hosts away that have nothing to do.
app.hook.appTerminate(() => telemetry.flush());
const clients = createClients(settings, undefined, telemetry);
registerService({
  settings,
  clients,
  outgoing: outgoing(),
  telemetry,
  catalogue: clients.recipes ? recipeContainer(clients.recipes, settings) : ofPackage(),
});

function ofPackage(): AskCatalogue {
  const catalogue = readCatalogue(join(import.meta.dirname, "..", "images"), settings);
  return () => Promise.resolve(catalogue);
}
