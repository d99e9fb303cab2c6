import http, { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { type Gate, gate } from "./gate.ts";
import { memorySocketPair } from "./memorySocket.ts";
import { handleWith } from "./server.ts";

/** A host that can be reached without sockets, and the callers' ends of its connections. */
interface Reachable {
  server: http.Server;
  callers: Set<Duplex>;
}

/** By name. */
const reachable = new Map<string, Reachable>();
let isInstalled = false;

/**
 * A gate that no socket leads to: whoever in this process sends a request through Node's own `http` to its URL, as
 * axios does, is answered over a pair of streams. Nothing waits for the machine, so that the order of events is the
 * same in every run. `fetch` does not go this way.
 *
 * @param name of the host in the URL.
 */
export function memoryGate(name: string): Promise<Gate> {
  if (reachable.has(name)) return Promise.reject(new Error(`There is a host ${name} in this process already.`));
  install();
  const closed = gate((handle) => {
    const server = createServer(handleWith(handle));
    const callers = new Set<Duplex>();
    reachable.set(name, { server, callers });
    return Promise.resolve({
      url: `http://${name}`,
      close: () => {
        reachable.delete(name);
        server.closeAllConnections();
        // An agent would keep its end for the next request, which is for the next host of that name.
        for (const caller of callers) caller.destroy();
        return Promise.resolve();
      },
    });
  });
  return closed;
}

/** The way to these names leads through the agent that everybody uses who names none. */
function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  const agent = http.globalAgent as http.Agent & { createConnection: (...args: ConnectArguments) => unknown };
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (...args) => {
    const host = reachable.get(args[0].host ?? "");
    if (!host) return connect(...args);
    const [near, far] = memorySocketPair();
    host.callers.add(near);
    near.once("close", () => host.callers.delete(near));
    host.server.emit("connection", far);
    return near;
  };
}

type ConnectArguments = [options: { host?: string }, callback?: () => void];
