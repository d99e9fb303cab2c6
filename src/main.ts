/** The sole entry: reads the settings and the recipes, and builds the service on the real clients. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { app } from "@azure/functions";
import { createClients } from "./azure/clients.ts";
import { recipeContainer } from "./azure/recipeContainer.ts";
import { NotReady } from "./domain/notReady.ts";
import { type AskCatalogue, type Catalogue, RecipesUnread } from "./domain/recipes/catalogue.ts";
import { outgoing } from "./http/outgoing.ts";
import { readCatalogue } from "./recipes.ts";
import { registerService } from "./service.ts";
import { logUnusable } from "./settingsUnusable.ts";
import { startTelemetry } from "./telemetry/startTelemetry.ts";
import { usableSettings } from "./usableSettings.ts";

/** By which recipes there are, and what is in them. */
const OF_RECIPES = ["GOLDSMITH_RECIPE_CONTAINER", "GOLDSMITH_SCRIPT_CONTAINER", "GOLDSMITH_ENVIRONMENT"];

// An app that does not load says nothing to anybody; one that loads can tell what it lacks.
const { settings, faults } = usableSettings(process.env);
logUnusable(faults);
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8")) as {
  version: string;
};
const telemetry = startTelemetry(settings.telemetry, { installationId: settings.installationId, version });
// The platform takes hosts away that have nothing to do.
app.hook.appTerminate(() => telemetry.flush());
const clients = createClients(settings, undefined, telemetry);
registerService({
  version,
  settings,
  faults,
  clients,
  outgoing: outgoing(),
  telemetry,
  catalogue: ofSettings(clients.recipes ? recipeContainer(clients.recipes, settings) : ofPackage()),
});

/** Whoever asks waits where these are wrong: there would be other recipes than the company's. */
function ofSettings(catalogue: AskCatalogue): AskCatalogue {
  const wrong = faults.filter(({ setting }) => OF_RECIPES.includes(setting));
  return wrong.length > 0 ? () => Promise.reject(new NotReady(wrong)) : catalogue;
}

/** Read once, when first asked for: a host that is started to carry a build on does not wait for them. */
function ofPackage(): AskCatalogue {
  let catalogue: Promise<Catalogue> | undefined;
  return () => (catalogue ??= readPackage());
}

async function readPackage(): Promise<Catalogue> {
  try {
    return readCatalogue(join(import.meta.dirname, "..", "images"), settings);
  } catch (error) {
    throw new RecipesUnread(`The package has no recipes that can be read: ${String(error)}`, 60);
  }
}
