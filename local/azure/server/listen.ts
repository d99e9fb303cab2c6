import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ServerCertificate } from "./certificate.ts";
import { CUT, HANG, type HttpRequest, type Outcome, splitUrl } from "./http.ts";

/** The URL of an operation alone has 3,500 characters, and tokens are long too. */
const MAX_HEADER_BYTES = 128 * 1024;
const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Of what is written to blobs in one request. */
const MAX_BLOB_BYTES = 64 * 1024 * 1024;

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

export type Answerer = (request: HttpRequest) => Promise<Outcome>;

/** @throws Error saying so where the port is in use. */
export async function listen(port: number, answer: Answerer, certificate?: ServerCertificate): Promise<Server> {
  const options = { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 60_000 };
  const listener = (request: IncomingMessage, response: ServerResponse) => void serve(request, response, answer);
  const server: Server = certificate
    ? createHttpsServer({ ...options, ...certificate }, listener)
    : createHttpServer(options, listener);
  // It listens on IPv4 and IPv6, and answers this machine only: whoever reaches it may do anything.
  server.on("connection", (socket) => {
    if (!LOOPBACK.test(socket.remoteAddress ?? "")) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? new Error(`Port ${port} is in use.`, { cause: error }) : error),
    );
    server.listen(port, certificate ? undefined : "127.0.0.1", resolve);
  });
  return server;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

export async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Never throws: a client that hangs up, or a fault of ours, costs one connection and no more. */
async function serve(incoming: IncomingMessage, response: ServerResponse, answer: Answerer): Promise<void> {
  response.on("error", () => response.destroy());
  try {
    await respond(incoming, response, await answer(await readRequest(incoming)));
  } catch (error) {
    if (!incoming.destroyed) process.stderr.write(`local Azure: ${String(error)}\n`);
    incoming.socket.destroy();
  }
}

async function respond(incoming: IncomingMessage, response: ServerResponse, answered: Outcome): Promise<void> {
  if (answered === HANG) return;
  if (answered === CUT) {
    incoming.socket.destroy();
    return;
  }
  response.sendDate = false;
  const { status, headers, body, stream } = answered;
  const bodyless = status === 204 || status === 304;
  const length = headers["content-length"] ?? String(Buffer.byteLength(body ?? ""));
  response.writeHead(status, { ...headers, ...(bodyless ? {} : { "content-length": length }) });
  if (incoming.method === "HEAD" || bodyless) response.end();
  else if (stream) await pipeline(Readable.from(stream()), response);
  else response.end(body);
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const most = "x-ms-blob-type" in incoming.headers ? MAX_BLOB_BYTES : MAX_BODY_BYTES;
  // A body that is too long is read to its end all the same, or the client would not hear the answer.
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= most) chunks.push(chunk);
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
  return {
    method: incoming.method ?? "GET",
    ...splitUrl(incoming.url ?? "/"),
    headers,
    body: Buffer.concat(chunks),
    tooLarge: bytes > most,
  };
}
