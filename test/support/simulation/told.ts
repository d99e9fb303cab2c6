import { resourceFromAttributes } from "@opentelemetry/resources";
import { DataPointType, MetricReader } from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { openTelemetry } from "../../../src/telemetry/openTelemetry.ts";
import type { Telemetry } from "../../../src/telemetry/telemetry.ts";

/** What a service has told, as exporters of OpenTelemetry's get it. */
export interface Told {
  telemetry: Telemetry;
  spans(): ReadableSpan[];
  figures(): Promise<Figure[]>;
}

/** A figure with its attributes: what a counter has come to, a gauge says, or the sum of what was measured. */
export interface Figure {
  name: string;
  unit: string;
  attributes: Record<string, unknown>;
  value: number;
  /** How often something was measured. */
  count: number;
}

/** Nothing of it takes time: spans are there as they end, and figures when they are asked for. */
export function createTold(): Told {
  const exporter = new InMemorySpanExporter();
  const reader = new ReaderOnDemand();
  const resource = resourceFromAttributes({ "service.name": "simulation" });
  const telemetry = openTelemetry({ resource, spans: [new SimpleSpanProcessor(exporter)], metrics: [reader] });
  return {
    telemetry,
    spans: () => exporter.getFinishedSpans(),
    async figures() {
      const { resourceMetrics } = await reader.collect();
      return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.flatMap(({ descriptor: { name, unit }, dataPointType, dataPoints }) =>
          dataPoints.map(({ attributes, value }): Figure => {
            const isHistogram = dataPointType === DataPointType.HISTOGRAM && typeof value === "object";
            const { sum = 0, count } = isHistogram ? value : { sum: Number(value), count: 1 };
            return { name, unit, attributes, value: sum, count };
          }),
        ),
      );
    },
  };
}

class ReaderOnDemand extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}
