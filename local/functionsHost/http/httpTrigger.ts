import type { RpcHttpData, RpcNullable, RpcTypedData } from "../worker/rpc.ts";
import { type HttpAnswer, type HttpCall, emptyAnswer } from "./call.ts";
import { setCookieOf } from "./setCookie.ts";

/** The data of an HTTP trigger: what the function sees as its request. */
export function httpTriggerData(call: HttpCall, params: Record<string, string>): RpcTypedData {
  const http: RpcHttpData = {
    method: call.method,
    url: `${call.origin}${call.path}${call.search}`,
    nullableHeaders: joined(call.headers),
    nullableParams: joined(Object.entries(params)),
    nullableQuery: joined([...new URLSearchParams(call.search)]),
    ...(call.body.length > 0 ? { body: { bytes: call.body } } : {}),
  };
  return { http };
}

/** Repeated names, whatever their case, become one entry with the values in a row. */
function joined(entries: [string, string][]): Record<string, RpcNullable<string>> {
  const values = new Map<string, { name: string; value: string }>();
  for (const [name, value] of entries) {
    const present = values.get(name.toLowerCase());
    if (present) present.value += `,${value}`;
    else values.set(name.toLowerCase(), { name, value });
  }
  return Object.fromEntries([...values.values()].map(({ name, value }) => [name, { value }]));
}

/** The answer made of what a function returned through its `$return` binding. */
export function answerOfFunction(returned: RpcTypedData | null | undefined): HttpAnswer {
  const http = returned?.http;
  if (!http) return emptyAnswer(204);
  const status = Number(http.statusCode ?? 200);
  const headers: [string, string][] = Object.entries(http.headers ?? {});
  for (const cookie of http.cookies ?? []) headers.push(["set-cookie", setCookieOf(cookie)]);
  const bytes = http.body?.bytes;
  if (!bytes || bytes.length === 0) return { status, headers };
  return { status, headers, body: Buffer.from(bytes), isChunked: true };
}
