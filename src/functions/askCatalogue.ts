import type { InvocationContext } from "@azure/functions";
import type { AskCatalogue, Catalogue } from "../domain/recipes/catalogue.ts";
import { logLine } from "../telemetry/logLine.ts";

/** The recipes as they are now; where they could not be read again, that is logged. */
export async function askCatalogue(
  catalogue: AskCatalogue,
  context: Pick<InvocationContext, "warn">,
): Promise<Catalogue> {
  const found = await catalogue();
  if (found.stale)
    context.warn(
      logLine(
        "recipes stale",
        `The recipes are those of ${found.stale.since}, and cannot be read again: ${found.stale.why}`,
      ),
    );
  return found;
}
