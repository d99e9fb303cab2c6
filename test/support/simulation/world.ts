/** What the service under simulation reaches: a cloud and a blob store in this process. */
import type { InProcessCloud } from "../../../local/azure/inProcessCloud.ts";
import type { Transport } from "../../../src/azure/clients.ts";
import type { SettingFault } from "../../../src/domain/notReady.ts";
import type { Outgoing } from "../../../src/http/outgoing.ts";
import type { Telemetry } from "../../../src/telemetry/telemetry.ts";
import type { BlobStore } from "./blobStore.ts";
import type { Trace } from "./trace.ts";
import type { Told } from "./told.ts";
import { blobHttpClientOf, httpClientOf, type Server } from "./transport.ts";

export interface World {
  cloud: InProcessCloud;
  archive: BlobStore;
  /** Access tokens by audience. */
  tokens: Record<string, string>;
  /** Of the subscription's owner, who changes the ground under the service. */
  operatorToken: string;
  /** Who is told of builds; nobody is there unless a test says so. */
  receiver?: Server;
  /** Told of each request and answer. */
  trace: Trace;
  /** What the service has told of itself. */
  told: Told;
}

// The app's modules are loaded by the host, apart from the test's: what both know of is the process.
const CURRENT = Symbol.for("goldsmith.simulation.world");
const FAULTS = Symbol.for("goldsmith.simulation.faults");
const shared = globalThis as { [CURRENT]?: World; [FAULTS]?: SettingFault[] };

/** What of the service's settings counts as wrong just now: a test that adds some takes them away again. */
export const worldFaults: SettingFault[] = (shared[FAULTS] ??= []);

export function setWorld(world: World): void {
  shared[CURRENT] = world;
}

function currentWorld(): World {
  const world = shared[CURRENT];
  if (!world) throw new Error("There is no world yet; setWorld comes before the host.");
  return world;
}

/** The archive's address in a simulation. */
export const ARCHIVE_ORIGIN = "http://archive.simulation";

const server: Server = async (call) => {
  const { cloud, archive, trace } = currentWorld();
  trace.request(call);
  const answer = call.url.origin === ARCHIVE_ORIGIN ? archive.answer(call) : await cloud.answer(call);
  trace.answer(call, answer);
  return answer;
};

/** Calls the current world's receiver. */
export const worldOutgoing: Outgoing = async ({ url, headers, body }) => {
  const { receiver } = currentWorld();
  const answer = await receiver?.({ method: "POST", url: new URL(url), headers, body: Buffer.from(body) });
  if (!answer) throw new Error("connect ECONNREFUSED");
  const retryAfter = answer.headers["retry-after"];
  return { status: answer.status, ...(retryAfter === undefined ? {} : { retryAfter }) };
};

/** Tells the current world. */
export const worldTelemetry: Telemetry = {
  span: (span) => currentWorld().told.telemetry.span(span),
  measure: (name, value, attributes) => currentWorld().told.telemetry.measure(name, value, attributes),
  gauge: (name, value) => currentWorld().told.telemetry.gauge(name, value),
  isNews: (key) => currentWorld().told.telemetry.isNews(key),
  flush: () => currentWorld().told.telemetry.flush(),
};

/** Reaches whatever world is the current one: a test may put another round it. */
export function worldTransport(): Transport {
  return {
    place: currentWorld,
    httpClient: httpClientOf(server),
    blobHttpClient: blobHttpClientOf(server),
    credential: {
      getToken: async (scopes) => {
        const audience = new URL(String(scopes)).origin;
        const token = currentWorld().tokens[audience];
        if (!token) throw new Error(`Nobody gives tokens for ${audience} here.`);
        // Due for renewal at once: a world that is put round this one may have tokens of its own.
        return { token, expiresOnTimestamp: 0 };
      },
    },
  };
}
