import { app, type HttpMethod, type HttpRequest, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { ANYBODY } from "../domain/caller.ts";
import { parseJsonBody } from "../domain/jsonBody.ts";
import { problem } from "../domain/problem.ts";
import { answering } from "./answering.ts";
import { refuse } from "./answers.ts";
import { type Asked, type Door, Refused } from "./door.ts";
import { queryOf } from "./query.ts";
import { bodyOf } from "./requestBody.ts";

/** Registers the doors with the host, and what answers to all that comes to none of them. */
export function openDoors(doors: readonly Door[]): void {
  for (const door of doors) {
    const { name, route, method } = door;
    df.app.client.http(name, {
      route,
      methods: [method],
      authLevel: "function",
      handler: (request: HttpRequest, client: df.DurableClient, context: InvocationContext) =>
        answering(context, () => door.handle(askedAt(door, request, client, context))),
    });
  }
  otherRequests(doors);
}

function askedAt(door: Door, request: HttpRequest, client: df.DurableClient, context: InvocationContext): Asked {
  return {
    request,
    client,
    context,
    caller: ANYBODY,
    param: (name) => request.params[name] ?? "",
    query: queryOf(door, request.query),
    body: async (schema) => {
      const parsed = parseJsonBody(schema, await bodyOf(request), {
        contentType: request.headers.get("content-type"),
        contentEncoding: request.headers.get("content-encoding"),
      });
      if (parsed.kind === "refused") throw new Refused(parsed.problem);
      return parsed.value;
    },
    urlOf: (path) => new URL(path, request.url).href,
  };
}

/** What answers where no door is. The host tries routes in the order of the functions' names, so this is the last of all. */
export const OTHER_REQUESTS = "zOtherRequests";

const METHODS: HttpMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** Whatever no door takes: a problem document that says so. The host itself answers 404 to a wrong method, without a word. */
function otherRequests(doors: readonly Door[]): void {
  app.http(OTHER_REQUESTS, {
    route: "{*path}",
    methods: METHODS,
    authLevel: "anonymous",
    handler: (request: HttpRequest, context: InvocationContext) =>
      answering(context, async () => {
        const { pathname } = new URL(request.url);
        const allowed = doors.filter(({ route }) => pathOf(route).test(pathname)).map(({ method }) => method);
        if (allowed.length === 0) {
          return refuse(problem(404, "not-found", "There is nothing at that path; see /api/images."));
        }
        const methods = allowed.join(", ");
        return refuse(problem(405, "method-not-allowed", `This path takes ${methods}.`), { Allow: methods });
      }),
  });
}

/** Paths have no case to the host, and may end in a slash. */
function pathOf(route: string): RegExp {
  return new RegExp(`^/api/${route.replace(/\{[^}]*\}/g, "[^/]+")}/?$`, "i");
}
