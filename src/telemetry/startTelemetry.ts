import { lazily } from "./lazily.ts";
import { logLine } from "./logLine.ts";
import type { TelemetrySettings } from "./settings.ts";
import type { Telling } from "./telling.ts";
import { NO_TELEMETRY, type Telemetry } from "./telemetry.ts";

/** Telemetry as the settings want it. Where they name nobody, nothing is loaded for it. */
export function startTelemetry(settings: TelemetrySettings, who: Telling): Telemetry {
  if (settings.connectionString === undefined && settings.otlpEndpoint === undefined) return NO_TELEMETRY;
  return lazily(
    async () => {
      const { exportedTelemetry } = await import("./exporters.ts");
      return exportedTelemetry(settings, who, (line) => console.error(line));
    },
    (error) => console.error(logLine("no telemetry", `Nothing is told of builds: ${String(error)}`)),
  );
}
