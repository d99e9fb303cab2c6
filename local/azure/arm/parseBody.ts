import type { HttpRequest } from "../server/http.ts";
import type { Json } from "../store/state.ts";
import { invalidRequestContent, unsupportedMediaType } from "./errors.ts";

/** Deeper than any body of Azure, and shallow enough for everything that walks it. */
const DEEPEST = 64;

/** @throws AzureError where a request's body is not a JSON object. */
export function parseBody(request: HttpRequest): Json {
  const type = request.headers["content-type"] ?? "";
  if (request.body.length > 0 && !/^application\/([\w.-]+\+)?json\b/i.test(type)) throw unsupportedMediaType(type);
  const text = new TextDecoder().decode(request.body);
  if (text.trim() === "") throw invalidRequestContent("The request content is empty");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidRequestContent(error instanceof Error ? error.message : "not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidRequestContent("Cannot deserialize the content: it is not a JSON object");
  }
  if (depthOf(value) > DEEPEST) throw invalidRequestContent(`The content is nested deeper than ${DEEPEST} levels`);
  return value as Json;
}

function depthOf(value: object): number {
  let depth = 0;
  for (let level: unknown[] = [value]; level.length > 0 && depth <= DEEPEST; depth++) {
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return depth;
}
