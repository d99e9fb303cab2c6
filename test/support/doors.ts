import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "jsonc-parser";
import { vi } from "vitest";
import { createClients } from "../../src/azure/clients.ts";
import type { Door } from "../../src/http/door.ts";
import { readSettings } from "../../src/settings.ts";
import { NO_TELEMETRY } from "../../src/telemetry/telemetry.ts";

const root = join(import.meta.dirname, "..", "..");
const sample = (
  parse(readFileSync(join(root, "local.settings.sample.json"), "utf8")) as { Values: Record<string, string> }
).Values;

const unused = () => Promise.reject(new Error("No door is used."));

/** The doors that the service opens, all of them, as it hands them to the host. */
export async function serviceDoors(): Promise<readonly Door[]> {
  const opened: Door[] = [];
  // What is loaded already opens its doors elsewhere.
  vi.resetModules();
  vi.doMock("../../src/http/openDoors.ts", () => ({
    openDoors: (doors: readonly Door[]) => void opened.push(...doors),
  }));
  // Outside of a host the library warns of each function that it does not register.
  const warnings = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { registerService } = await import("../../src/service.ts");
  const settings = readSettings({ ...sample, GOLDSMITH_AUTHENTICATION: "open" });
  const clients = createClients(settings);
  registerService({
    version: "registered",
    settings,
    clients,
    outgoing: unused,
    catalogue: unused,
    telemetry: NO_TELEMETRY,
  });
  warnings.mockRestore();
  vi.doUnmock("../../src/http/openDoors.ts");
  return opened;
}
