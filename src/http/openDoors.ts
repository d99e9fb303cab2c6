import { app, type HttpMethod, type HttpRequest, type InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { type Caller, NOBODY } from "../domain/caller.ts";
import { parseJsonBody } from "../domain/jsonBody.ts";
import { NotReady } from "../domain/notReady.ts";
import { problem } from "../domain/problem.ts";
import type { Readiness } from "../readiness.ts";
import type { Admit } from "./admission.ts";
import { answering } from "./answering.ts";
import { refuse } from "./answers.ts";
import { PREFLIGHT_HEADERS, sharedWith } from "./browserWrites.ts";
import { type Asked, type Door, Refused } from "./door.ts";
import { queryOf } from "./query.ts";
import { bodyOf } from "./requestBody.ts";
import { webhookAllowed } from "./webhookHandshake.ts";

/** Registers the doors with the host, and what answers to all that comes to none of them. */
export function openDoors(
  doors: readonly Door[],
  { admit, readiness, allowedOrigins }: { admit: Admit; readiness: Readiness; allowedOrigins: readonly string[] },
): void {
  /** @throws NotReady: before anybody is asked who they are, since by unusable settings nobody can be known. */
  async function comingTo(door: Door, request: HttpRequest, context: InvocationContext): Promise<Caller> {
    const { faults } = readiness;
    if (faults.length > 0 && !door.isHealth) throw new NotReady(faults);
    return faults.length > 0 ? NOBODY : admit(door, request, context);
  }

  const ready = async () => readiness.mayWork("begins");

  for (const door of doors) {
    const { name, route, method } = door;
    df.app.client.http(name, {
      route,
      methods: [method],
      // The host's keys do not tell who has them, so they open nothing.
      authLevel: "anonymous",
      handler: async (request: HttpRequest, client: df.DurableClient, context: InvocationContext) => {
        const answer = await answering(context, async () => {
          const caller = await comingTo(door, request, context);
          return door.handle({ ...askedAt(door, request, client, context, caller), ready });
        });
        const headers = new Headers(answer.headers);
        // Whatever a script or a recipe has put into an answer: it is what its type says.
        headers.set("X-Content-Type-Options", "nosniff");
        for (const [name, value] of Object.entries(sharedWith(request.headers, allowedOrigins)))
          headers.set(name, value);
        return { ...answer, headers };
      },
    });
  }
  otherRequests(doors, allowedOrigins);
}

function askedAt(
  door: Door,
  request: HttpRequest,
  client: df.DurableClient,
  context: InvocationContext,
  caller: Caller,
): Omit<Asked, "ready"> {
  return {
    request,
    client,
    context,
    caller,
    param: (name) => request.params[name] ?? "",
    query: queryOf(door, request.query),
    body: async (schema, limits) => {
      const parsed = parseJsonBody(
        schema,
        await bodyOf(request, limits?.largest),
        {
          contentType: request.headers.get("content-type"),
          contentEncoding: request.headers.get("content-encoding"),
        },
        limits,
      );
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
function otherRequests(doors: readonly Door[], allowedOrigins: readonly string[]): void {
  app.http(OTHER_REQUESTS, {
    route: "{*path}",
    methods: METHODS,
    authLevel: "anonymous",
    handler: (request: HttpRequest, context: InvocationContext) =>
      answering(context, async () => {
        const { pathname } = new URL(request.url);
        const there = doors.filter(({ route }) => pathOf(route).test(pathname));
        const allowed = there.map(({ method }) => method);
        if (allowed.length === 0) {
          return refuse(problem(404, "not-found", "There is nothing at that path; see /api/images."));
        }
        const methods = allowed.join(", ");
        const shared = sharedWith(request.headers, allowedOrigins);
        if (request.method === "OPTIONS" && shared["Access-Control-Allow-Origin"]) {
          const headers = { ...shared, ...PREFLIGHT_HEADERS, "Access-Control-Allow-Methods": methods };
          return { status: 204, headers };
        }
        if (request.method === "OPTIONS" && there.some(({ isWebhook }) => isWebhook)) {
          const welcome = webhookAllowed(request.headers);
          if (welcome) return { status: 200, headers: welcome };
        }
        return refuse(problem(405, "method-not-allowed", `This path takes ${methods}.`), { Allow: methods });
      }),
  });
}

/** Paths have no case to the host, and may end in a slash. */
function pathOf(route: string): RegExp {
  return new RegExp(`^/api/${route.replace(/\{[^}]*\}/g, "[^/]+")}/?$`, "i");
}
