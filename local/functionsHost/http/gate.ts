import { type HttpHandler, type HttpServer, listen } from "./server.ts";

/** A server that listens before it can answer: callers wait until it is opened. */
export interface Gate extends HttpServer {
  open: (handle: HttpHandler) => void;
}

/** @param port 0 for any. */
export async function listenClosed(port: number): Promise<Gate> {
  let resolveHandler: Gate["open"] | undefined;
  const handler = new Promise<HttpHandler>((resolve) => {
    resolveHandler = resolve;
  });
  const server = await listen(port, async (call) => (await handler)(call));
  return { ...server, open: (handle) => resolveHandler?.(handle) };
}
