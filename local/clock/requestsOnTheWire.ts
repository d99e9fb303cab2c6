import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** What both ends of a connection have in common, seen from either. */
interface Socket {
  localPort?: number;
  remotePort?: number;
}

interface ServerRequest {
  socket: Socket;
  /** Whether all of its body has come. */
  complete: boolean;
}

/** Real milliseconds after which a request that nobody answers is a mistake of whoever runs under this clock. */
const LONGEST_ON_THE_WIRE = 30_000;

/**
 * The HTTP requests that this process has sent and not had the whole answer to, but for those that a server of this
 * process has in its hands: what that one does shows by itself, and it may wait for time.
 *
 * @param tell called when one may have left the wire.
 */
export function requestsOnTheWire(tell: () => void) {
  const sent = new Map<object, { socket?: Socket | undefined; name: string; since: number }>();
  /** By the port of the client's end. */
  const served = new Map<number, ServerRequest>();

  const send = (message: unknown) => {
    const { request } = message as { request: { socket?: Socket; method?: string; path?: string; origin?: string } };
    const { method = "", path = "", origin = "" } = request;
    sent.set(request, { name: `${method} ${origin}${path}`, since: performance.now() });
  };
  /** Undici tells of the connection only when it has one. */
  const useSocket = (message: unknown) => {
    const { request, socket } = message as { request: object; socket: Socket };
    const known = sent.get(request);
    if (known) known.socket = socket;
  };
  const end = (message: unknown) => {
    if (sent.delete((message as { request: object }).request)) tell();
  };
  // This channel tells of the answer's head; the body is still to come.
  const endWithBody = (message: unknown) => {
    const { response } = message as { response: NodeJS.EventEmitter };
    response.once("close", () => end(message));
  };
  const serve = (message: unknown) => {
    const { request, response } = message as Record<"request" | "response", ServerRequest & NodeJS.EventEmitter>;
    const { remotePort } = request.socket;
    if (remotePort === undefined) return;
    served.set(remotePort, request);
    request.once("end", tell);
    response.once("close", () => served.get(remotePort) === request && served.delete(remotePort));
  };

  const isServed = (request: object, { socket }: { socket?: Socket | undefined }) => {
    const { localPort } = socket ?? (request as { socket?: Socket | null }).socket ?? {};
    return localPort !== undefined && served.get(localPort)?.complete === true;
  };
  const onTheWire = () => [...sent].filter(([request, known]) => !isServed(request, known)).map(([, known]) => known);

  const channels: [string, (message: unknown) => void][] = [
    ["http.client.request.start", send],
    ["http.client.request.error", end],
    ["http.client.response.finish", endWithBody],
    ["http.server.request.start", serve],
    ["undici:request:create", send],
    ["undici:client:sendHeaders", useSocket],
    ["undici:request:trailers", end],
    ["undici:request:error", end],
  ];
  for (const [channel, listener] of channels) subscribe(channel, listener);
  return {
    any: () => sent.size > 0 && onTheWire().length > 0,
    /** @throws Error where a request waits for an answer that does not come: time would stand still for ever. */
    requireProgress() {
      const late = onTheWire().find(({ since }) => performance.now() - since > LONGEST_ON_THE_WIRE);
      if (late) throw new Error(`Time cannot go on: ${late.name} has had no answer for 30 real seconds.`);
    },
    close() {
      for (const [channel, listener] of channels) unsubscribe(channel, listener);
      sent.clear();
    },
  };
}
