import type { CallFunction } from "../callFunction.ts";
import type { FunctionRegistry, HostFunction } from "../functionRegistry.ts";
import { emptyAnswer, headerOf, type HttpAnswer, type HttpCall, jsonAnswer, textAnswer } from "../http/call.ts";
import { typedJson } from "../worker/typedData.ts";

/** Where Event Grid delivers: `?functionName=…&code=…` says for whom, and proves that it may. */
export const EVENT_GRID_PATH = "/runtime/webhooks/eventgrid";

export interface EventGridOptions {
  registry: FunctionRegistry;
  call: CallFunction;
}

const METHODS = ["GET", "PUT", "POST", "DELETE", "OPTIONS"];
/** Origins from which the clouds deliver; every other is answered with the first. */
const ORIGINS = [
  "eventgrid.azure.net",
  "eventgrid.azure.us",
  "eventgrid.azure.eaglex.ic.gov",
  "eventgrid.azure.microsoft.scloud",
  "eventgrid.azure.cn",
];

/** Shakes hands with Event Grid and hands its events on, as the extension does. */
export async function answerEventGrid(options: EventGridOptions, http: HttpCall): Promise<HttpAnswer> {
  if (!METHODS.includes(http.method)) return emptyAnswer(404);
  const name = new URLSearchParams(http.search).get("functionName") ?? "";
  const found = options.registry.withTrigger("eventGridTrigger").find((each) => each.name === name);
  if (!found) return textAnswer(404, `cannot find function: '${name}'`);
  if (http.method === "OPTIONS") return allowOrigin(headerOf(http, "webhook-request-origin"));
  switch (headerOf(http, "aeg-event-type")?.toLowerCase()) {
    case "subscriptionvalidation":
      return whenParsed(http, (events) => jsonAnswer(200, { validationResponse: validationCode(events) }));
    case "notification":
      return whenParsed(http, (events) => deliver(options, found, Array.isArray(events) ? events : [events]));
    case "unsubscribe":
      return emptyAnswer(202);
    default:
      return emptyAnswer(400);
  }
}

/** The handshake of CloudEvents: the receiver says from where it takes them. */
function allowOrigin(origin: string | undefined): HttpAnswer {
  const allowed = ORIGINS.find((known) => known === origin) ?? "eventgrid.azure.net";
  return emptyAnswer(200, [["webhook-allowed-origin", allowed]]);
}

/** The extension does not catch what a body that it cannot read throws. */
async function whenParsed(
  http: HttpCall,
  answer: (events: object) => HttpAnswer | Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  try {
    const events = JSON.parse(http.body.toString("utf8")) as unknown;
    return typeof events === "object" && events !== null ? await answer(events) : emptyAnswer(500);
  } catch {
    return emptyAnswer(500);
  }
}

interface ValidationEvent {
  data: { validationCode: string } | string;
}

/** An array in the Event Grid schema; a single event in CloudEvents, whose data may be a text with JSON. */
function validationCode(events: object): string {
  const { data } = (Array.isArray(events) ? events[0] : events) as ValidationEvent;
  return (typeof data === "string" ? (JSON.parse(data) as { validationCode: string }) : data).validationCode;
}

/** All at once; one that fails has Event Grid send all of them again. */
async function deliver({ registry, call }: EventGridOptions, found: HostFunction, events: object[]) {
  const binding = found.trigger.name;
  const results = await Promise.all(
    events.map((event) => {
      const text = JSON.stringify(event, null, 2);
      const { data = null } = event as { data?: unknown };
      return call({
        functionId: found.id,
        inputData: [{ name: binding, data: typedJson(text) }, ...registry.extraInputs(found)],
        triggerMetadata: { [binding]: typedJson(text), data: typedJson(JSON.stringify(data)) },
      });
    }),
  );
  if (results.every(({ kind }) => kind === "succeeded")) return emptyAnswer(202);
  return textAnswer(500, `Exception while executing function: Functions.${found.name}`);
}
