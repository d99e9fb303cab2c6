/** The service as `src/main.ts` builds it, but for the world that it reaches. */
import { createClients } from "../../../../src/azure/clients.ts";
import { registerService } from "../../../../src/service.ts";
import { readSettings } from "../../../../src/settings.ts";
import { LONG_SCRIPT, simulatedRecipes } from "../recipes.ts";
import { worldOutgoing, worldTransport } from "../world.ts";

const settings = readSettings(process.env);
registerService({
  settings,
  clients: createClients(settings, worldTransport()),
  outgoing: worldOutgoing,
  catalogue: () =>
    Promise.resolve({
      recipes: simulatedRecipes,
      broken: new Map(),
      notes: new Map(),
      readBeside: () => LONG_SCRIPT.file,
    }),
});
