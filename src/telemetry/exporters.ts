import { hostname } from "node:os";
import { ManagedIdentityCredential } from "@azure/identity";
import { AzureMonitorMetricExporter, AzureMonitorTraceExporter } from "@azure/monitor-opentelemetry-exporter";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { PeriodicExportingMetricReader, type PushMetricExporter } from "@opentelemetry/sdk-metrics";
import { BatchSpanProcessor, type SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { TelemetrySettings } from "./settings.ts";
import { type Outlets, openTelemetry } from "./openTelemetry.ts";
import type { Telling } from "./telling.ts";
import type { Telemetry } from "./telemetry.ts";

/** Alerts look every few minutes. */
const METRICS_EVERY_MILLISECONDS = 60_000;
const SPANS_EVERY_MILLISECONDS = 5000;
/** A build and its steps are some hundred spans, told within seconds where nothing goes wrong. */
const MOST_WAITING_SPANS = 8192;

/** Telemetry that is sent to where the settings say. This module loads all that is needed for it. */
export function exportedTelemetry(settings: TelemetrySettings, { installationId, version }: Telling): Telemetry {
  const exporters = [azureMonitor(settings), collector(settings)].filter((one) => one !== undefined);
  return openTelemetry({
    resource: resourceFromAttributes({
      "service.name": "goldsmith",
      "service.namespace": installationId,
      "service.version": version,
      // Each host counts by itself: whoever adds up has to tell them apart.
      "service.instance.id": hostname(),
    }),
    spans: exporters.map(
      ({ spans }) =>
        new BatchSpanProcessor(spans, {
          scheduledDelayMillis: SPANS_EVERY_MILLISECONDS,
          maxQueueSize: MOST_WAITING_SPANS,
        }),
    ),
    metrics: exporters.map(
      ({ metrics: exporter }) =>
        new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: METRICS_EVERY_MILLISECONDS }),
    ),
  } satisfies Outlets);
}

interface Exporter {
  spans: SpanExporter;
  metrics: PushMetricExporter;
}

/** Application Insights, signed in with the service's identity where the settings say so. */
function azureMonitor({ connectionString, clientId }: TelemetrySettings): Exporter | undefined {
  if (connectionString === undefined) return undefined;
  // The exporter would tell Microsoft how it does, at addresses that no firewall of a company's is open to.
  process.env["APPLICATION_INSIGHTS_NO_STATSBEAT"] ??= "true";
  const options = {
    connectionString,
    // Nothing of builds is left on disks of the platform's.
    disableOfflineStorage: true,
    ...(clientId === undefined ? {} : { credential: new ManagedIdentityCredential({ clientId }) }),
  };
  return { spans: new AzureMonitorTraceExporter(options), metrics: new AzureMonitorMetricExporter(options) };
}

/** Any collector that takes OTLP over HTTP; the SDK reads what else it needs, such as headers, from `OTEL_EXPORTER_OTLP_…`. */
function collector({ otlpEndpoint }: TelemetrySettings): Exporter | undefined {
  if (otlpEndpoint === undefined) return undefined;
  const url = (signal: string) => `${otlpEndpoint.replace(/\/$/, "")}/v1/${signal}`;
  return {
    spans: new OTLPTraceExporter({ url: url("traces") }),
    metrics: new OTLPMetricExporter({ url: url("metrics") }),
  };
}
