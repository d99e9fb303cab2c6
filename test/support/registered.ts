import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "jsonc-parser";
import { vi } from "vitest";
import { createClients } from "../../src/azure/clients.ts";
import { readSettings } from "../../src/settings.ts";
import { NO_TELEMETRY } from "../../src/telemetry/telemetry.ts";

const root = join(import.meta.dirname, "..", "..");
const sample = (
  parse(readFileSync(join(root, "local.settings.sample.json"), "utf8")) as { Values: Record<string, string> }
).Values;

const unused = () => Promise.reject(new Error("Nothing is done."));

const named = (names: string[]) => (of: { name: string }) => void names.push(of.name);
const keyed = (names: string[]) => (of: object) => void names.push(...Object.keys(of));

/** The names under which the service registers what stands in histories. */
export async function registeredNames(): Promise<{
  orchestrators: string[];
  activities: string[];
  entities: string[];
}> {
  const orchestrators: string[] = [];
  const activities: string[] = [];
  const entities: string[] = [];
  vi.resetModules();
  vi.doMock("../../src/http/openDoors.ts", () => ({ openDoors: () => {} }));
  vi.doMock("../../src/durable/orchestrator.ts", async (actual) => ({
    ...(await actual<object>()),
    registerOrchestrator: named(orchestrators),
  }));
  vi.doMock("../../src/durable/entities.ts", async (actual) => ({
    ...(await actual<object>()),
    registerEntity: named(entities),
  }));
  vi.doMock("../../src/durable/activities.ts", async (actual) => ({
    ...(await actual<object>()),
    registerActivities: keyed(activities),
    registerEngineActivities: keyed(activities),
  }));
  // Outside of a host the library warns of each function that it does not register.
  const warnings = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { registerService } = await import("../../src/service.ts");
  const settings = readSettings({ ...sample, GOLDSMITH_AUTHENTICATION: "open" });
  registerService({
    version: "registered",
    settings,
    clients: createClients(settings),
    outgoing: unused,
    catalogue: unused,
    telemetry: NO_TELEMETRY,
  });
  warnings.mockRestore();
  for (const file of ["http/openDoors", "durable/orchestrator", "durable/entities", "durable/activities"]) {
    vi.doUnmock(`../../src/${file}.ts`);
  }
  return { orchestrators, activities, entities };
}
