import { type AdminOptions, answerAdmin } from "../admin/adminApi.ts";
import { answerDurableApi, type DurableApiOptions } from "../durable/api/durableApi.ts";
import { WEBHOOK_PATH } from "../durable/api/urls.ts";
import type { CallFunction } from "../callFunction.ts";
import { answerEventGrid, EVENT_GRID_PATH } from "../eventGrid/eventGridWebhook.ts";
import type { FunctionRegistry } from "../functionRegistry.ts";
import { type HostKeys, type Role, roleOf } from "../keys.ts";
import { emptyAnswer, type HttpAnswer, type HttpCall, textAnswer } from "./call.ts";
import { belowPrefix, findRoute, functionRoutes } from "./functionRoutes.ts";
import { answerOfFunction, httpTriggerData } from "./httpTrigger.ts";
import type { HttpHandler } from "./server.ts";

export interface PublicHandlerOptions {
  registry: FunctionRegistry;
  call: CallFunction;
  routePrefix: string;
  keys: HostKeys;
  /** Without, every caller may do everything, as under Core Tools. */
  requireKeys: boolean;
  /** Then HTTP functions are not called at all: what they return is streamed, which this host does not do. */
  wantsHttpStream: boolean;
  durableApi: DurableApiOptions;
  admin: AdminOptions;
}

/** Answers whatever comes to the host's public address. */
export function publicHandler(options: PublicHandlerOptions): HttpHandler {
  const routes = functionRoutes(options.registry);
  return (call) => {
    const role: Role = options.requireKeys ? roleOf(call, options.keys) : "master";
    const path = call.path.toLowerCase();
    if (isBelow(path, WEBHOOK_PATH)) {
      if (role !== "master" && role !== "durabletask") return Promise.resolve(emptyAnswer(401));
      return answerDurableApi(options.durableApi, call, WEBHOOK_PATH);
    }
    if (isBelow(path, EVENT_GRID_PATH)) {
      if (role !== "master" && role !== "eventgrid") return Promise.resolve(emptyAnswer(401));
      return answerEventGrid(options, call);
    }
    if (path.startsWith("/admin/")) return Promise.resolve(answerAdmin(options.admin, call, role));
    if (path === "/") return Promise.resolve(welcome());
    const below = belowPrefix(call.path, options.routePrefix);
    const match = below === undefined ? undefined : findRoute(routes, call.method, below);
    if (!match) return Promise.resolve(emptyAnswer(404));
    const { authLevel, found } = match.route;
    if (!mayCall(role, authLevel)) return Promise.resolve(emptyAnswer(401));
    if (options.wantsHttpStream) return Promise.resolve(textAnswer(501, NO_STREAMS));
    return callHttpFunction(options, call, found.id, found.trigger.name, match.params);
  };
}

const NO_STREAMS = "This host does not stream HTTP: without enableHttpStream the function would be called.";

const isBelow = (path: string, base: string) => path === base || path.startsWith(`${base}/`);

function mayCall(role: Role, authLevel: "anonymous" | "function" | "admin"): boolean {
  return authLevel === "anonymous" || role === "master" || (authLevel === "function" && role === "function");
}

async function callHttpFunction(
  { registry, call: callFunction }: PublicHandlerOptions,
  call: HttpCall,
  functionId: string,
  binding: string,
  params: Record<string, string>,
): Promise<HttpAnswer> {
  const found = registry.all.find(({ id }) => id === functionId);
  const invoked = await callFunction({
    functionId,
    inputData: [{ name: binding, data: httpTriggerData(call, params) }, ...(found ? registry.extraInputs(found) : [])],
    triggerMetadata: {},
  });
  return invoked.kind === "failed" ? emptyAnswer(500) : answerOfFunction(invoked.response.returnValue);
}

const welcome = (): HttpAnswer => ({
  status: 200,
  headers: [["content-type", "text/html"]],
  body: "<!DOCTYPE html><html><body>Your Functions 4.0 app is up and running</body></html>\n",
});
