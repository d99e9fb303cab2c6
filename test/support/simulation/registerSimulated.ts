import { createClients } from "../../../src/azure/clients.ts";
import type { Catalogue } from "../../../src/domain/recipes/catalogue.ts";
import { registerService } from "../../../src/service.ts";
import { readSettings } from "../../../src/settings.ts";
import { worldFaults, worldOutgoing, worldTelemetry, worldTransport } from "./world.ts";

/**
 * Registers the service as `src/main.ts` does, but for the world that it reaches and the recipes that it has.
 *
 * @param recipes asked whenever the catalogue is; what else a catalogue has is empty unless it tells it.
 */
export function registerSimulated(recipes: () => Pick<Catalogue, "recipes"> & Partial<Catalogue>): void {
  const settings = readSettings(process.env);
  registerService({
    version: "simulated",
    settings,
    faults: worldFaults,
    clients: createClients(settings, worldTransport(), worldTelemetry),
    outgoing: worldOutgoing,
    telemetry: worldTelemetry,
    catalogue: () => Promise.resolve({ broken: new Map(), notes: new Map(), ...recipes() }),
  });
}
