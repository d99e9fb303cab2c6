import { hostname } from "node:os";
import { ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import type { PipelinePolicy } from "@azure/core-rest-pipeline";
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
import { undelivered } from "./undelivered.ts";

/** Alerts look every few minutes. */
const METRICS_EVERY_MILLISECONDS = 60_000;
const SPANS_EVERY_MILLISECONDS = 5000;
/** A build and its steps are some hundred spans, told within seconds where nothing goes wrong. */
const MOST_WAITING_SPANS = 8192;

type Log = (line: string) => void;
type Note = ReturnType<typeof undelivered>;

/**
 * Telemetry that is sent to where the settings say. This module loads all that is needed for it.
 *
 * @param log told where it does not arrive.
 */
export function exportedTelemetry(
  settings: TelemetrySettings,
  { installationId, version }: Telling,
  log: Log,
): Telemetry {
  const exporters = [azureMonitor(settings, log), collector(settings, log)].filter((one) => one !== undefined);
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

/** What is no outage: taken in whole or in part, or sent elsewhere, which the exporter follows. */
const NO_OUTAGE = [200, 206, 307, 308];

/** What comes of an export; the code is 0 where it was taken. */
type Done = (result: { code: number; error?: Error }) => void;

interface Exporter {
  spans: SpanExporter;
  metrics: PushMetricExporter;
}

/** Application Insights, signed in with the service's identity where the settings say so. */
function azureMonitor({ connectionString, clientId }: TelemetrySettings, log: Log): Exporter | undefined {
  if (connectionString === undefined) return undefined;
  // The exporter would tell Microsoft how it does, at addresses that no firewall of a company's is open to.
  process.env["APPLICATION_INSIGHTS_NO_STATSBEAT"] ??= "true";
  const note = undelivered("Application Insights", log);
  const options = {
    connectionString,
    // Nothing of builds is left on disks of the platform's.
    disableOfflineStorage: true,
    additionalPolicies: [{ policy: heardAnswers(note), position: "perCall" as const }],
    ...(clientId === undefined ? {} : { credential: heardTokens(new ManagedIdentityCredential({ clientId }), note) }),
  };
  return { spans: new AzureMonitorTraceExporter(options), metrics: new AzureMonitorMetricExporter(options) };
}

/** Without a storage on disk the exporter takes a refusal for a success: what is answered only the pipeline sees. */
function heardAnswers(note: Note): PipelinePolicy {
  return {
    name: "heardAnswers",
    async sendRequest(request, next) {
      try {
        const response = await next(request);
        if (!NO_OUTAGE.includes(response.status)) note({ code: response.status });
        return response;
      } catch (error) {
        note(error);
        throw error;
      }
    },
  };
}

/** Where there is no token, nothing is sent that could be answered. */
function heardTokens(credential: TokenCredential, note: Note): TokenCredential {
  return {
    async getToken(...asked) {
      try {
        return await credential.getToken(...asked);
      } catch (error) {
        note(error);
        throw error;
      }
    },
  };
}

/** Any collector that takes OTLP over HTTP; the SDK reads what else it needs, such as headers, from `OTEL_EXPORTER_OTLP_…`. */
function collector({ otlpEndpoint }: TelemetrySettings, log: Log): Exporter | undefined {
  if (otlpEndpoint === undefined) return undefined;
  const url = (signal: string) => `${otlpEndpoint.replace(/\/$/, "")}/v1/${signal}`;
  const note = undelivered("the collector", log);
  return {
    spans: heard(new OTLPTraceExporter({ url: url("traces") }), note),
    metrics: heard(new OTLPMetricExporter({ url: url("metrics") }), note),
  };
}

/** An exporter's results, of which the SDK makes nothing. */
function heard<E extends { export(items: never, done: Done): void }>(exporter: E, note: Note): E {
  const send = exporter.export.bind(exporter);
  return Object.assign(exporter, {
    export: (items: never, done: Done) =>
      send(items, (result) => {
        if (result.code !== 0) note(result.error);
        done(result);
      }),
  });
}
