/** The service with the recipes of a test in place of its catalogue, in the world of simulations. */
import { createClients } from "../../../../src/azure/clients.ts";
import { registerService } from "../../../../src/service.ts";
import { readSettings } from "../../../../src/settings.ts";
import { currentRecipes } from "../scheduled.ts";
import { worldOutgoing, worldTelemetry, worldTransport } from "../world.ts";

const settings = readSettings(process.env);
registerService({
  version: "simulated",
  settings,
  clients: createClients(settings, worldTransport(), worldTelemetry),
  outgoing: worldOutgoing,
  telemetry: worldTelemetry,
  catalogue: () => Promise.resolve({ recipes: currentRecipes(), broken: new Map(), notes: new Map() }),
});
