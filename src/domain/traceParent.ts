import * as z from "zod";

/** W3C Trace Context, `traceparent`: version, trace id, span id, flags. */
const TRACE_PARENT = /^[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

export const TraceParent = z.string().regex(TRACE_PARENT);

/** Of the headers of a request, where it stands in a trace of its caller's; nothing where it does not say, or not properly. */
export function traceParentOf(headers: Headers): { traceparent?: string } {
  const { data } = TraceParent.safeParse(headers.get("traceparent"));
  return data === undefined ? {} : { traceparent: data };
}
