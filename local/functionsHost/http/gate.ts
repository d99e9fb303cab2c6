import { type HttpHandler, type HttpServer, listen } from "./server.ts";

/** A server that listens before it can answer: callers wait until it is opened. */
export interface Gate extends HttpServer {
  open: (handle: HttpHandler) => void;
}

/** @param serve begins to listen, and has requests answered by what it is given. */
export async function gate(serve: (handle: HttpHandler) => Promise<HttpServer>): Promise<Gate> {
  let resolveHandler: Gate["open"] | undefined;
  const handler = new Promise<HttpHandler>((resolve) => {
    resolveHandler = resolve;
  });
  const server = await serve(async (call) => (await handler)(call));
  return { ...server, open: (handle) => resolveHandler?.(handle) };
}

/** @param port 0 for any. */
export const listenClosed = (port: number): Promise<Gate> => gate((handle) => listen(port, handle));
