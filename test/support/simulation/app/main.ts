/** The service as `src/main.ts` builds it, but for the world that it reaches. */
import { createClients } from "../../../../src/azure/clients.ts";
import { registerService } from "../../../../src/service.ts";
import { readSettings } from "../../../../src/settings.ts";
import { LONG_SCRIPT, simulatedRecipes } from "../recipes.ts";
import { worldFaults, worldOutgoing, worldTelemetry, worldTransport } from "../world.ts";

const settings = readSettings(process.env);
registerService({
  version: "simulated",
  settings,
  faults: worldFaults,
  clients: createClients(settings, worldTransport(), worldTelemetry),
  outgoing: worldOutgoing,
  telemetry: worldTelemetry,
  catalogue: () =>
    Promise.resolve({
      recipes: simulatedRecipes,
      broken: new Map(),
      notes: new Map(),
      readBeside: () => LONG_SCRIPT.file,
    }),
});
