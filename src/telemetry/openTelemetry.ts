import {
  type HrTime,
  type Link,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import { type IMetricReader, MeterProvider } from "@opentelemetry/sdk-metrics";
import { AlwaysOnSampler, BasicTracerProvider, type SpanProcessor } from "@opentelemetry/sdk-trace-base";
import { firstTimes } from "./firstTimes.ts";
import { type GaugeName, GAUGES, type MetricName, METRICS } from "./metrics.ts";
import type { SpanPlace, Telemetry } from "./telemetry.ts";

const SCOPE = "goldsmith";
const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };

/** Who takes spans and figures on. */
export interface Outlets {
  resource: Resource;
  spans: SpanProcessor[];
  metrics: IMetricReader[];
}

/** Telemetry by the SDK of OpenTelemetry, with the ids and times that spans bring with them: nothing is drawn. */
export function openTelemetry({ resource, spans, metrics }: Outlets): Telemetry {
  /** The place of the span that is just being made. */
  let next: SpanPlace = { traceId: "", spanId: "" };
  const tracers = new BasicTracerProvider({
    resource,
    spanProcessors: spans,
    // A build is told whole or not at all, on however many hosts it was.
    sampler: new AlwaysOnSampler(),
    idGenerator: { generateTraceId: () => next.traceId, generateSpanId: () => next.spanId },
  });
  const tracer = tracers.getTracer(SCOPE);
  const meters = new MeterProvider({ resource, readers: metrics });
  const instruments = instrumentsOf(meters);

  return {
    span(span) {
      next = span;
      const { traceId, parentId, name, start, end, attributes, failed } = span;
      const within =
        parentId === undefined
          ? ROOT_CONTEXT
          : trace.setSpanContext(ROOT_CONTEXT, contextOf({ traceId, spanId: parentId }));
      const links = (span.links ?? []).map((place): Link => ({ context: contextOf(place) }));
      const options = { kind: KINDS[span.kind], startTime: hrTime(start), attributes, links };
      const made = tracer.startSpan(name, options, within);
      for (const event of span.events ?? []) made.addEvent(event.name, event.attributes ?? {}, hrTime(event.at));
      if (failed !== undefined) {
        made.setAttribute("error.type", failed);
        made.setStatus({ code: SpanStatusCode.ERROR, message: failed });
      }
      made.end(hrTime(end));
    },
    measure: (name, value, attributes) => instruments.measure[name](value, attributes),
    gauge: (name, value) => instruments.gauge[name](value),
    isNews: firstTimes(),
    async flush() {
      await Promise.allSettled([tracers.forceFlush(), meters.forceFlush()]);
    },
  };
}

/** Seconds: from a moment to the days that a build may wait for its approval. */
const SECONDS = [
  0.1, 1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 2700, 3600, 5400, 7200, 14_400, 28_800, 86_400, 259_200,
];

function instrumentsOf(meters: MeterProvider) {
  const meter = meters.getMeter(SCOPE);
  const measure = mapped(METRICS, (name, { kind, unit, what: description }) => {
    if (kind === "counter") {
      const counter = meter.createCounter(name, { unit, description });
      return (value: number, attributes: Record<string, string>) => counter.add(value, attributes);
    }
    const advice = { explicitBucketBoundaries: SECONDS };
    const histogram = meter.createHistogram(name, { unit, description, advice });
    return (value: number, attributes: Record<string, string>) => histogram.record(value, attributes);
  });
  const gauge = mapped(GAUGES, (name, { unit, what: description }) => {
    const made = meter.createGauge(name, { unit, description });
    return (value: number) => made.record(value);
  });
  return { measure, gauge };
}

function mapped<Name extends MetricName | GaugeName, From, To>(
  table: Record<Name, From>,
  make: (name: Name, row: From) => To,
): Record<Name, To> {
  const rows = Object.entries(table) as [Name, From][];
  return Object.fromEntries(rows.map(([name, row]) => [name, make(name, row)])) as Record<Name, To>;
}

function contextOf({ traceId, spanId }: SpanPlace): SpanContext {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

function hrTime(milliseconds: number): HrTime {
  const seconds = Math.floor(milliseconds / 1000);
  return [seconds, Math.round((milliseconds - seconds * 1000) * 1e6)];
}
