import type { Clock } from "../../clock/clock.ts";
import type { FunctionRegistry, HostFunction } from "../functionRegistry.ts";
import { emptyAnswer, headerOf, type HttpAnswer, type HttpCall, jsonAnswer } from "../http/call.ts";
import { decodePath } from "../http/decodePath.ts";
import type { HostKeys, Role } from "../keys.ts";
import { describeFunction } from "./functionDescription.ts";

export interface AdminOptions {
  keys: HostKeys;
  registry: FunctionRegistry;
  routePrefix: string;
  clock: Clock;
  startedAt: number;
  instanceId: string;
  /** Runs a function whatever its trigger; nobody waits for it. */
  run: (found: HostFunction, input: string) => void;
}

const HOST_VERSION = "4.1031.0.0";

/** The host's administration below `/admin`. @param role what the caller's key entitles it to. */
export function answerAdmin(options: AdminOptions, call: HttpCall, role: Role): HttpAnswer {
  const [, , area, name, detail, ...rest] = call.path.toLowerCase().split("/");
  if (area === "host" && name === "ping" && detail === undefined) {
    return emptyAnswer(200, [
      ["cache-control", "no-store,no-cache"],
      ["pragma", "no-cache"],
    ]);
  }
  if (role === "none") return emptyAnswer(401);
  if (role !== "master") return emptyAnswer(403);
  if (rest.length > 0) return emptyAnswer(404);
  if (area === "host" && name === "systemkeys" && call.method === "GET") return systemKeys(options, detail);
  if (area === "host" && name === "status" && call.method === "GET") return hostStatus(options);
  if (area === "functions") return functions(options, call, name || undefined, detail || undefined);
  return emptyAnswer(404);
}

/** All keys of extensions, or one; Event Grid's is what a subscription's endpoint needs. */
function systemKeys({ keys }: AdminOptions, wanted: string | undefined): HttpAnswer {
  const all = Object.entries(keys.system).map(([extension, value]) => ({ name: `${extension}_extension`, value }));
  if (wanted === undefined) return jsonAnswer(200, { keys: all, links: [] });
  const found = all.find(({ name }) => name === wanted);
  return found ? jsonAnswer(200, { ...found, links: [] }) : emptyAnswer(404);
}

function hostStatus({ clock, startedAt, instanceId }: AdminOptions): HttpAnswer {
  return jsonAnswer(200, {
    id: "goldsmith-local",
    state: "Running",
    version: HOST_VERSION,
    versionDetails: HOST_VERSION,
    platformVersion: "",
    instanceId,
    computerName: "localhost",
    processUptime: clock.now() - startedAt,
    functionAppContentEditingState: "NotAllowed",
    extensionBundle: { id: "Microsoft.Azure.Functions.ExtensionBundle", version: "4.17.0" },
  });
}

function functions(
  options: AdminOptions,
  call: HttpCall,
  name: string | undefined,
  detail: string | undefined,
): HttpAnswer {
  const { registry, routePrefix } = options;
  if (name === undefined) {
    // Lists name the site, single answers the caller's way to it.
    const site = `https://${call.origin.replace(/^https?:\/\//, "")}`;
    if (call.method !== "GET") return emptyAnswer(404);
    return jsonAnswer(
      200,
      registry.all.map((found) => describeFunction(found, site, routePrefix)),
    );
  }
  const found = registry.all.find((each) => each.name.toLowerCase() === decodePath(name).toLowerCase());
  if (!found) return emptyAnswer(404);
  if (detail === "status") return call.method === "GET" ? jsonAnswer(200, {}) : emptyAnswer(404);
  if (detail !== undefined) return emptyAnswer(404);
  if (call.method === "GET") return jsonAnswer(200, describeFunction(found, call.origin, routePrefix));
  return call.method === "POST" ? runFunction(options, call, found) : emptyAnswer(404);
}

function runFunction({ run }: AdminOptions, call: HttpCall, found: HostFunction): HttpAnswer {
  if (!/json/i.test(headerOf(call, "content-type") ?? "")) return emptyAnswer(415);
  let body: unknown;
  try {
    body = JSON.parse(call.body.toString("utf8"));
  } catch {
    return emptyAnswer(400);
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) return emptyAnswer(400);
  const { input } = body as { input?: unknown };
  run(found, typeof input === "string" ? input : JSON.stringify(input ?? null));
  return emptyAnswer(202);
}
