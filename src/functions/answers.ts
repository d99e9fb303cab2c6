import type { HttpRequest, HttpResponseInit, InvocationContext } from "@azure/functions";
import { StepDelayed } from "../domain/failure.ts";
import { problem, type Problem } from "../domain/problem.ts";

export function answer(status: number, body: unknown, headers: Record<string, string> = {}): HttpResponseInit {
  return {
    status,
    headers: { "Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store", ...headers },
    body: JSON.stringify(body),
  };
}

export function refuse(refused: Problem, headers: Record<string, string> = {}): HttpResponseInit {
  return answer(refused.status, refused, { "Content-Type": "application/problem+json; charset=utf-8", ...headers });
}

/** Seconds after which it is worth asking again where Azure does not say. */
const SOON_SECONDS = 10;

/** Where Azure, or the storage that the recipes lie in, does not answer just now. */
function refuseForNow({ retryAfterSeconds }: StepDelayed): HttpResponseInit {
  const wait = String(Math.max(SOON_SECONDS, retryAfterSeconds));
  return refuse(problem(503, "azure-busy", "Azure could not be asked; ask again later."), { "Retry-After": wait });
}

/** An absolute URL of this service, as the caller reaches it. */
export function urlOf(request: HttpRequest, path: string): string {
  return new URL(path, request.url).href;
}

/** What the host hands to a door: the request first, the invocation last, and a durable client between if asked for. */
type Arguments = [HttpRequest, ...unknown[], InvocationContext] | [HttpRequest, InvocationContext];

/** A door's handler, which always answers: what goes wrong inside is logged here, and not told to the outside. */
export function answering<Args extends Arguments>(handler: (...args: Args) => Promise<HttpResponseInit>) {
  return async (...args: Args): Promise<HttpResponseInit> => {
    try {
      return await handler(...args);
    } catch (error) {
      const context = args.at(-1) as InvocationContext;
      if (error instanceof StepDelayed) {
        context.warn(`The request was put off: ${error.message}`);
        return refuseForNow(error);
      }
      context.error(`The request failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      const { invocationId } = context;
      return refuse(problem(500, "internal", "The service could not carry the request out.", { invocationId }));
    }
  };
}
