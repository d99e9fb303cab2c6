/** The sole entry: reads the settings and the recipes, and builds the service on the real clients. */
import { join } from "node:path";
import { app } from "@azure/functions";
import { createClients } from "./azure/clients.ts";
import { recipeContainer } from "./azure/recipeContainer.ts";
import { type AskCatalogue, RecipesUnread } from "./domain/recipes/catalogue.ts";
import { outgoing } from "./http/outgoing.ts";
import { readCatalogue } from "./recipes.ts";
import { registerService } from "./service.ts";
import { readSettings } from "./settings.ts";
import { SettingsUnusable } from "./settingsUnusable.ts";
import { standInSettings } from "./standInSettings.ts";
import { startTelemetry } from "./telemetry/startTelemetry.ts";

const { settings, faults } = usableSettings();
const telemetry = startTelemetry(settings.telemetry, settings.installationId);
// The platform takes hosts away that have nothing to do.
app.hook.appTerminate(() => telemetry.flush());
const clients = createClients(settings, undefined, telemetry);
registerService({
  settings,
  faults,
  clients,
  outgoing: outgoing(),
  telemetry,
  catalogue: clients.recipes ? recipeContainer(clients.recipes, settings) : ofPackage(),
});

/** An app that does not load says nothing to anybody; one that loads can tell what it lacks. */
function usableSettings() {
  try {
    return { settings: readSettings(process.env), faults: [] };
  } catch (error) {
    if (!(error instanceof SettingsUnusable)) throw error;
    console.error(error.message);
    return { settings: standInSettings(), faults: error.problems };
  }
}

function ofPackage(): AskCatalogue {
  try {
    const catalogue = readCatalogue(join(import.meta.dirname, "..", "images"), settings);
    return () => Promise.resolve(catalogue);
  } catch (error) {
    const unread = new RecipesUnread(`The package has no recipes that can be read: ${String(error)}`, 60);
    return () => Promise.reject(unread);
  }
}
