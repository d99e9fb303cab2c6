import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { emptyAnswer, type HttpAnswer, type HttpCall } from "./call.ts";

/** The largest request body the real host takes, in bytes. */
export const LARGEST_BODY = 100 * 1024 * 1024;

/** What Kestrel takes of a request before its body, in bytes: more of the one is a 414, of the other a 431. */
const LONGEST_REQUEST_LINE = 8 * 1024;
const LARGEST_HEAD = LONGEST_REQUEST_LINE + 32 * 1024;

/** What Kestrel takes of a body after the grace: with fewer bytes a second it is a 408. */
const LEAST_BYTES_A_SECOND = 240;
const GRACE_SECONDS = 5;

export type HttpHandler = (call: HttpCall) => Promise<HttpAnswer>;

export interface HttpServer {
  /** Without a slash at the end. */
  url: string;
  close: () => Promise<void>;
}

/** Listens on the loopback. @param port 0 for any. Rejects when the port is taken. */
export async function listen(port: number, handle: HttpHandler): Promise<HttpServer> {
  const server = createServer({ maxHeaderSize: LARGEST_HEAD }, handleWith(handle));
  // Functions may take as long as they like; of a body's time there is a rule of its own.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${actual}`, close: () => closeServer(server) };
}

/** What a server of Node's does with a request. */
export const handleWith = (handle: HttpHandler) => (request: IncomingMessage, response: ServerResponse) =>
  void serve(request, response, handle);

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(request: IncomingMessage, response: ServerResponse, handle: HttpHandler): Promise<void> {
  const body = await bodyOf(request);
  if (body === undefined) return;
  try {
    write(request, response, await answerOf(request, body, handle));
  } catch {
    // A header that Node refuses, say: the caller learns no more than from the real host.
    if (!response.headersSent) for (const name of response.getHeaderNames()) response.removeHeader(name);
    response.writeHead(500).end();
  }
}

type Body = Buffer | "too-large" | "too-slow";

function answerOf(request: IncomingMessage, body: Body, handle: HttpHandler): Promise<HttpAnswer> {
  const { method = "", url = "" } = request;
  if (`${method} ${url} HTTP/1.1\r\n`.length > LONGEST_REQUEST_LINE) return Promise.resolve(emptyAnswer(414));
  if (body === "too-large") return Promise.resolve(emptyAnswer(413));
  if (body === "too-slow") return Promise.resolve(emptyAnswer(408));
  return handle(callOf(request, body));
}

/** Undefined when the caller went away. */
async function bodyOf(request: IncomingMessage): Promise<Body | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  const read = async () => {
    for await (const piece of request) {
      size += (piece as Buffer).length;
      // Read to its end all the same, so that the answer reaches the caller.
      if (size <= LARGEST_BODY) pieces.push(piece as Buffer);
      else pieces.length = 0;
    }
    return size > LARGEST_BODY ? "too-large" : Buffer.concat(pieces);
  };
  const over = new AbortController();
  try {
    return await Promise.race([read(), untilTooSlow(() => size, over.signal)]);
  } catch {
    return undefined;
  } finally {
    over.abort();
  }
}

async function untilTooSlow(size: () => number, signal: AbortSignal): Promise<"too-slow"> {
  for (let seconds = 1; ; seconds++) {
    await setTimeout(1000, undefined, { signal });
    if (seconds >= GRACE_SECONDS && size() < seconds * LEAST_BYTES_A_SECOND) return "too-slow";
  }
}

function callOf(request: IncomingMessage, body: Buffer): HttpCall {
  const target = request.url ?? "/";
  const at = target.indexOf("?");
  const headers: [string, string][] = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    headers.push([(request.rawHeaders[i] ?? "").toLowerCase(), request.rawHeaders[i + 1] ?? ""]);
  }
  return {
    method: request.method ?? "GET",
    path: at < 0 ? target : target.slice(0, at),
    search: at < 0 ? "" : target.slice(at),
    origin: `http://${request.headers.host ?? "localhost"}`,
    headers,
    body,
  };
}

function write(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body, isChunked }: HttpAnswer,
): void {
  const bytes = typeof body === "string" ? Buffer.from(body) : (body ?? Buffer.alloc(0));
  // The rest of what was too slow is not waited for.
  if (!request.complete) response.setHeader("connection", "close").once("finish", () => request.destroy());
  const hasNoBody = request.method === "HEAD" || status === 204 || status === 304;
  response.statusCode = status;
  response.setHeader("server", "Kestrel");
  const cookies = headers.filter(([name]) => name === "set-cookie").map(([, value]) => value);
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  for (const [name, value] of headers) if (name !== "set-cookie") response.setHeader(name, value);
  if (hasNoBody) return void response.end();
  if (!isChunked) {
    response.setHeader("content-length", bytes.length);
    return void response.end(bytes);
  }
  response.write(bytes);
  response.end();
}
