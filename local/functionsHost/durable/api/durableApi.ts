import type { Clock } from "../../../clock/clock.ts";
import { emptyAnswer, type HttpAnswer, type HttpCall, jsonAnswer, queryOf } from "../../http/call.ts";
import { decodePath } from "../../http/decodePath.ts";
import { isEntity } from "../entities/entityId.ts";
import type { HubClient, Told } from "../hubClient.ts";
import { jsonText } from "../jsonText.ts";
import { answerEntities } from "./entities.ts";
import { answerOfThrown, parseJsonBody } from "./errors.ts";
import { listInstances, purgeInstances } from "./instances.ts";
import { statusAnswer } from "./statusAnswer.ts";
import { restartInstance, startInstance } from "./start.ts";
import type { HubAddress } from "./urls.ts";

export interface DurableApiOptions {
  client: HubClient;
  clock: Clock;
  address: HubAddress;
}

/** What one call is about: the request, and its path below the API's, in decoded segments. */
export interface ApiCall {
  http: HttpCall;
  segments: string[];
  query: Map<string, string>;
}

/** The Durable HTTP API. @param basePath what the request's path begins with. */
export async function answerDurableApi(
  options: DurableApiOptions,
  http: HttpCall,
  basePath: string,
): Promise<HttpAnswer> {
  const segments = http.path.slice(basePath.length).split("/").filter(Boolean).map(decodePath);
  try {
    return await route(options, { http, segments, query: queryOf(http) });
  } catch (error) {
    return answerOfThrown(error);
  }
}

async function route(options: DurableApiOptions, call: ApiCall): Promise<HttpAnswer> {
  const [resource, first, second, third] = call.segments;
  const count = call.segments.length;
  const { method } = call.http;
  switch (resource?.toLowerCase()) {
    case "orchestrators":
      if (method !== "POST" || first === undefined || count > 3) return emptyAnswer(404);
      return startInstance(options, call, first, second);
    case "instances":
      if (first === undefined) {
        if (method === "GET") return listInstances(options, call);
        return method === "DELETE" ? purgeInstances(options, call) : emptyAnswer(404);
      }
      if (second === undefined) {
        if (method === "GET") return statusAnswer(options, call, first);
        return method === "DELETE" ? purgeInstance(options, first) : emptyAnswer(404);
      }
      return method === "POST" ? command(options, call, first, second.toLowerCase(), third) : emptyAnswer(404);
    case "entities":
      return count > 3 ? emptyAnswer(404) : answerEntities(options, call, first, second);
    default:
      return emptyAnswer(404);
  }
}

/** What the extension takes for an entity too, and makes of it what nobody has recorded. */
const OF_ORCHESTRATIONS = ["terminate", "suspend", "resume", "restart", "rewind"];

async function command(
  options: DurableApiOptions,
  call: ApiCall,
  instanceId: string,
  operation: string,
  eventName: string | undefined,
): Promise<HttpAnswer> {
  const { client } = options;
  const { http, query, segments } = call;
  const reason = query.get("reason") ?? null;
  if (isEntity(instanceId) && OF_ORCHESTRATIONS.includes(operation)) {
    return jsonAnswer(501, { Message: `This host does not ${operation} entities.` });
  }
  if (segments.length > (operation === "raiseevent" ? 4 : 3)) return emptyAnswer(404);
  switch (operation) {
    case "raiseevent": {
      if (eventName === undefined) return emptyAnswer(404);
      // Whether there is anybody to tell comes before what is told.
      const told = await reachable(client, instanceId);
      if (told !== "accepted") return toldAnswer(told);
      return toldAnswer(await client.raiseEvent(instanceId, eventName, jsonText(parseJsonBody(http.body))));
    }
    case "terminate":
      return toldAnswer(await client.terminate(instanceId, reason));
    case "suspend":
      return toldAnswer(await client.suspend(instanceId, reason));
    case "resume":
      return toldAnswer(await client.resume(instanceId, reason));
    case "restart":
      return restartInstance(options, call, instanceId);
    case "rewind":
      return toldAnswer(await client.rewind(instanceId, reason));
    default:
      return emptyAnswer(404);
  }
}

async function reachable(client: HubClient, instanceId: string): Promise<Told> {
  const instance = await client.get(instanceId);
  if (!instance) return "unknown";
  return ["Completed", "Failed", "Terminated"].includes(instance.runtimeStatus) ? "over" : "accepted";
}

const TOLD_STATUS: Record<Told, number> = { accepted: 202, unknown: 404, over: 410 };
const toldAnswer = (told: Told) => emptyAnswer(TOLD_STATUS[told]);

async function purgeInstance({ client }: DurableApiOptions, instanceId: string): Promise<HttpAnswer> {
  const instancesDeleted = await client.purge([instanceId]);
  return instancesDeleted > 0 ? jsonAnswer(200, { instancesDeleted }) : emptyAnswer(404);
}
