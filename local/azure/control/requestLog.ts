/** One request, as `GET /_control/requests` tells of it. */
export interface LoggedRequest {
  /** Which of the cloud's doors it came to. */
  kind: "arm" | "blob" | "identity";
  method: string;
  /** With its query, but for the opaque part of an operation's URL. */
  path: string;
  /** 0 where the connection was cut instead of an answer. */
  status: number;
  /** Object id of the caller; of the identity endpoint, the client id asked for. */
  principal?: string;
  /** The cloud's time of arrival, ISO 8601. */
  time: string;
  /** The fault that struck it. */
  fault?: string;
  /** Whether that fault kept it from being carried out. */
  notExecuted?: true;
}

export interface RequestLog {
  counts: {
    total: number;
    byMethod: Record<string, number>;
    byStatus: Record<string, number>;
    byKind: Record<string, number>;
  };
  requests: LoggedRequest[];
}

export function emptyLog(): RequestLog {
  return { counts: { total: 0, byMethod: {}, byStatus: {}, byKind: {} }, requests: [] };
}

/** Counts every request, and keeps the newest. */
export function log({ counts, requests }: RequestLog, request: LoggedRequest, length: number): void {
  requests.push(request);
  if (requests.length > length) requests.shift();
  counts.total++;
  count(counts.byMethod, request.method);
  count(counts.byStatus, String(request.status));
  count(counts.byKind, request.kind);
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** The URL of an operation carries thousands of signed characters, which tell nobody anything. */
export function pathToLog(path: string, query: URLSearchParams): string {
  const shown = new URLSearchParams(query);
  for (const opaque of ["t", "c", "s", "h"]) shown.delete(opaque);
  const text = shown.toString();
  return text ? `${path}?${text}` : path;
}
