import { app, type HttpMethod, type HttpRequest, type InvocationContext } from "@azure/functions";
import { problem } from "../domain/problem.ts";
import { answering, refuse } from "./answers.ts";

const METHODS: HttpMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** The routes there are, and their methods: the host itself answers 404 to a wrong method, without a word. */
const ROUTES: readonly [RegExp, string][] = [
  [/^\/api\/images\/?$/i, "GET"],
  [/^\/api\/images\/[^/]+\/?$/i, "GET"],
  [/^\/api\/images\/[^/]+\/builds\/?$/i, "POST"],
  [/^\/api\/images\/[^/]+\/plan\/?$/i, "GET"],
  [/^\/api\/builds\/[^/]+\/?$/i, "GET"],
  [/^\/api\/builds\/[^/]+\/cancel\/?$/i, "POST"],
  [/^\/api\/sweep\/?$/i, "POST"],
  [/^\/api\/sweeps\/[^/]+\/?$/i, "GET"],
];

/**
 * Whatever no other door takes: a problem document that says so.
 *
 * The host tries routes in the order of the functions' names, however definite they are, so this one's name must be
 * the last of all.
 */
export function registerOtherRequests(): void {
  app.http("zOtherRequests", {
    route: "{*path}",
    methods: METHODS,
    authLevel: "anonymous",
    handler: answering(async (request: HttpRequest, _: InvocationContext) => {
      const { pathname } = new URL(request.url);
      const allowed = ROUTES.find(([path]) => path.test(pathname))?.[1];
      if (!allowed) return refuse(problem(404, "not-found", "There is nothing at that path; see /api/images."));
      return refuse(problem(405, "method-not-allowed", `This path takes ${allowed}.`), { Allow: allowed });
    }),
  });
}
