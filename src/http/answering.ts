import type { HttpResponseInit, InvocationContext } from "@azure/functions";
import { archiveFaultsIn } from "../azure/archiveFaults.ts";
import { StepDelayed } from "../domain/failure.ts";
import { NotReady } from "../domain/notReady.ts";
import { type Problem, problem } from "../domain/problem.ts";
import { RecipesUnread } from "../domain/recipes/catalogue.ts";
import { refuse } from "./answers.ts";
import { Refused } from "./door.ts";
import { notConfigured, RETRY_UNREADY } from "./notReady.ts";
import { logUnusable } from "../settingsUnusable.ts";
import { logLine } from "../telemetry/logLine.ts";
import { whyOf } from "../telemetry/whyOf.ts";

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
    if (error instanceof NotReady) return refuse(notConfigured(error), RETRY_UNREADY);
    const faults = archiveFaultsIn(error);
    if (faults.length > 0) {
      logUnusable(faults);
      return refuse(notConfigured(new NotReady(faults)), RETRY_UNREADY);
    }
    if (error instanceof StepDelayed) {
      const { why, code } = whyOf(error);
      context.warn(logLine("request put off", `The request was put off: ${why}`, { code }));
      return refuseForNow(error);
    }
    const { why, code } = whyOf(error);
    context.error(logLine("request failed", `The request failed: ${why}`, { code }));
    const { invocationId } = context;
    return refuse(problem(500, "internal", "The service could not carry the request out.", { invocationId }));
  }
}

function refuseForNow(error: StepDelayed): HttpResponseInit {
  return refuse(reasonOf(error), { "Retry-After": String(Math.max(SOON_SECONDS, error.retryAfterSeconds)) });
}

/** Where Azure, or the storage that the recipes lie in, does not answer just now. */
function reasonOf(error: StepDelayed): Problem {
  // It does not pass by itself where somebody has to make the container, or to give the right to read it.
  if (error instanceof RecipesUnread) return problem(503, "recipes-unread", `${error.message}.`);
  return problem(503, "azure-busy", "Azure could not be asked; ask again later.");
}
