import { emptyAnswer, headerOf, type HttpAnswer, jsonAnswer } from "../../http/call.ts";
import { jsonTextOrNull } from "../jsonText.ts";
import type { ApiCall, DurableApiOptions } from "./durableApi.ts";
import { listEntities } from "./entityList.ts";
import { InvalidJsonError, parseJsonBody } from "./errors.ts";
import { HubClientError } from "../hubClient.ts";

/** What stands in a path for a key that is empty. */
const EMPTY_KEY = "$";

/** The part of the API that reads entities and tells them things. */
export async function answerEntities(
  options: DurableApiOptions,
  call: ApiCall,
  name: string | undefined,
  key: string | undefined,
): Promise<HttpAnswer> {
  const { method } = call.http;
  if (name === undefined || key === undefined) {
    if (method === "GET") return listEntities(options, call, name);
    return method === "POST" || method === "DELETE" ? noEntity(name) : emptyAnswer(404);
  }
  const { client } = options;
  const entity = { name, key: key === EMPTY_KEY ? "" : key };
  switch (method) {
    case "GET": {
      const state = await client.readEntity(entity);
      return state === undefined ? emptyAnswer(404) : jsonAnswer(200, state);
    }
    case "POST":
    case "DELETE":
      try {
        const operation = method === "DELETE" ? "delete" : (call.query.get("op") ?? "");
        await client.signalEntity(entity, operation, inputOf(call));
        return emptyAnswer(202);
      } catch (error) {
        if (!(error instanceof HubClientError) && !(error instanceof InvalidJsonError)) throw error;
        // Here the extension says no more than this.
        return jsonAnswer(400, { Message: error.message });
      }
    default:
      return emptyAnswer(404);
  }
}

/** The answer to who tells something and does not say whom. */
function noEntity(name: string | undefined): HttpAnswer {
  const Message =
    name === undefined
      ? "Invalid entity id: entity name must not be a null or empty string. (Parameter 'entityName')"
      : "Invalid entity id: entity key must not be null. (Parameter 'entityKey')";
  return jsonAnswer(400, { Message });
}

/** JSON text; a body of any other type is a text. */
function inputOf({ http }: ApiCall): string | undefined {
  if (http.body.length === 0) return undefined;
  const type = headerOf(http, "content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") return JSON.stringify(http.body.toString("utf8"));
  return jsonTextOrNull(parseJsonBody(http.body)) ?? undefined;
}
