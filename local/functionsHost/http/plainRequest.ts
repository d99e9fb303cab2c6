import { asciiUrl } from "./asciiUrl.ts";
import type { HttpAnswer, HttpCall } from "./call.ts";

/** A request as a program has it that knows of no sockets. */
export interface PlainRequest {
  /** GET when absent. */
  method?: string;
  /** With the query. */
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface PlainAnswer {
  status: number;
  headers: Headers;
  body: Buffer;
}

/** @param origin by which the caller knows the host. */
export function callOf(
  { method = "GET", headers = {}, body = "", ...request }: PlainRequest,
  origin: string,
): HttpCall {
  const path = asciiUrl(request.path);
  const at = path.indexOf("?");
  return {
    method: method.toUpperCase(),
    path: at < 0 ? path : path.slice(0, at),
    search: at < 0 ? "" : path.slice(at),
    origin,
    headers: [
      ["host", new URL(origin).host],
      ...Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]),
    ],
    body: Buffer.from(body),
  };
}

export function plainAnswerOf({ status, headers, body = "" }: HttpAnswer): PlainAnswer {
  return { status, headers: new Headers(headers), body: Buffer.from(body) };
}
