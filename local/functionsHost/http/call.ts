/** An HTTP request as it came, its body gathered. Nothing here knows of sockets. */
export interface HttpCall {
  method: string;
  /** As sent: still encoded, without the query. */
  path: string;
  /** With its question mark, or empty. */
  search: string;
  /** The origin that the caller used: scheme and Host header. */
  origin: string;
  /** In lower case, in the order sent, repeated ones apart. */
  headers: [string, string][];
  body: Buffer;
}

export interface HttpAnswer {
  status: number;
  headers: [string, string][];
  body?: Buffer | string;
  /** Whether the length is left out. */
  isChunked?: boolean;
}

export function headerOf(call: HttpCall, name: string): string | undefined {
  return call.headers.find(([key]) => key === name)?.[1];
}

/** The query by lower-case name; of a repeated one the first. */
export function queryOf(call: HttpCall): Map<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(call.search)) {
    const key = name.toLowerCase();
    if (!query.has(key)) query.set(key, value);
  }
  return query;
}

export const emptyAnswer = (status: number, headers: [string, string][] = []): HttpAnswer => ({ status, headers });

export const textAnswer = (status: number, body: string): HttpAnswer => ({
  status,
  headers: [["content-type", "text/plain; charset=utf-8"]],
  body,
});

export const jsonAnswer = (status: number, body: unknown, headers: [string, string][] = []): HttpAnswer => ({
  status,
  headers: [["content-type", "application/json; charset=utf-8"], ...headers],
  body: typeof body === "string" ? body : JSON.stringify(body),
});
