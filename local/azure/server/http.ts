/** A request as it came over the wire. */
export interface HttpRequest {
  method: string;
  /** Still encoded; runs of slashes are one. */
  path: string;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: Buffer;
  /** Whether the body was longer than the server reads. */
  tooLarge: boolean;
}

export interface HttpAnswer {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body?: string | Buffer;
  /** Instead of a body: its pieces, made while they are sent; `content-length` is known before. */
  stream?: () => Iterable<Buffer>;
}

export const json = (status: number, body: object, headers: HttpAnswer["headers"] = {}): HttpAnswer => ({
  status,
  headers: { "content-type": "application/json; charset=utf-8", ...headers },
  body: JSON.stringify(body),
});

/** The connection is cut instead of an answer. */
export const CUT = "cut";
/** There is no answer, ever; the connection stays. */
export const HANG = "hang";

export type Outcome = HttpAnswer | typeof CUT | typeof HANG;

/**
 * Splits a request line's target. Some SDKs begin it with two slashes, which a URL parser takes for a host; and a
 * client that thinks it talks to a proxy sends the whole URL.
 */
export function splitUrl(url: string): { path: string; query: URLSearchParams } {
  const relative = url.replace(/^https?:\/\/[^/]*/i, "");
  const at = relative.indexOf("?");
  const path = at < 0 ? relative : relative.slice(0, at);
  const query = at < 0 ? "" : relative.slice(at + 1);
  return { path: `/${path}`.replace(/\/{2,}/g, "/"), query: new URLSearchParams(query) };
}
