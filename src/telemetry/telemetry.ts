import type { GaugeName, Measured, MetricName } from "./metrics.ts";

/** Facts of a span or a figure, by their names. */
export type Attributes = Record<string, string | number | boolean | string[]>;

/** Where a span stands: 32 and 16 hex digits. */
export interface SpanPlace {
  traceId: string;
  spanId: string;
}

/** Something that took its time and is over. Its ids follow from what it is, so that it is the same one told twice. */
export interface EndedSpan extends SpanPlace {
  name: string;
  /** Absent: it is the root of its trace. */
  parentId?: string;
  /** `server`: a request of ours that somebody made; `client`: one that we make. */
  kind: "server" | "client" | "internal";
  /** Milliseconds since 1970. */
  start: number;
  end: number;
  attributes: Attributes;
  /** Moments within it. */
  events?: { name: string; at: number; attributes?: Attributes }[];
  /** Spans of other traces that it has to do with. */
  links?: SpanPlace[];
  /** Why it failed, as a code and never in somebody's words; absent where it did not. */
  failed?: string;
}

/** To whom the service tells how it is doing. Nobody waits for that, and nothing fails by it. */
export interface Telemetry {
  span(span: EndedSpan): void;
  /** Adds to a counter, or takes note of a duration. */
  measure<Name extends MetricName>(name: Name, value: number, attributes: Measured<Name>): void;
  /** Says how much of something there is now. */
  gauge(name: GaugeName, value: number): void;
  /**
   * Whether somebody listens, and this process has not told of it before: the engine delivers steps more than once.
   *
   * @param key of what is going to be told.
   */
  isNews(key: string): boolean;
  /** Sends what has been told and not been sent yet. */
  flush(): Promise<void>;
}

/** Where nobody listens. */
export const NO_TELEMETRY: Telemetry = {
  span: () => {},
  measure: () => {},
  gauge: () => {},
  isNews: () => false,
  flush: () => Promise.resolve(),
};
