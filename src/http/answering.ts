import type { HttpResponseInit, InvocationContext } from "@azure/functions";
import { StepDelayed } from "../domain/failure.ts";
import { problem } from "../domain/problem.ts";
import { refuse } from "./answers.ts";
import { Refused } from "./door.ts";

/** Seconds after which it is worth asking again where Azure does not say. */
const SOON_SECONDS = 10;

/** Answers whatever happens: what goes wrong inside is logged here, and not told to the outside. */
export async function answering(
  context: InvocationContext,
  handle: () => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  try {
    return await handle();
  } catch (error) {
    if (error instanceof Refused) return refuse(error.problem, error.headers);
    if (error instanceof StepDelayed) {
      context.warn(`The request was put off: ${error.message}`);
      return refuseForNow(error);
    }
    context.error(`The request failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    const { invocationId } = context;
    return refuse(problem(500, "internal", "The service could not carry the request out.", { invocationId }));
  }
}

/** Where Azure, or the storage that the recipes lie in, does not answer just now. */
function refuseForNow({ retryAfterSeconds }: StepDelayed): HttpResponseInit {
  const wait = String(Math.max(SOON_SECONDS, retryAfterSeconds));
  return refuse(problem(503, "azure-busy", "Azure could not be asked; ask again later."), { "Retry-After": wait });
}
