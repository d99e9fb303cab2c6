import type { InvocationContext } from "@azure/functions";
import { StepDelayed } from "../domain/failure.ts";
import type { Provider } from "../domain/preflight/subscription.ts";
import { type Observed, valueOf } from "../domain/preflight/observed.ts";
import { problem } from "../domain/problem.ts";
import type { Recipe } from "../domain/recipes/schema.ts";
import { wrongRegions } from "../domain/recipes/wrongRegions.ts";
import { Refused } from "../http/door.ts";
import { RETRY_UNREADY } from "../http/notReady.ts";
import { logLine } from "../telemetry/logLine.ts";
import { inTime } from "./inTime.ts";

/** What Azure has in which regions. */
export interface Offers {
  /** The resource providers of the subscription, with the regions that have them. */
  providers: () => Promise<Observed<readonly Provider[]>>;
  /** For how long somebody who asks for a build is kept waiting for that. */
  seconds: number;
}

/** A refusal of a recipe that asks for something where Azure does not have it. */
export type RefuseElsewhere = (recipe: Recipe, context: Pick<InvocationContext, "error">) => Promise<void>;

/**
 * Holds a recipe that somebody wants built against what Azure has in its regions, and tells the log what is wrong. Where
 * Azure does not say in time what it has, the build's own preflight refuses it.
 *
 * @returns what throws Refused.
 */
export function refuserElsewhere({ providers, seconds }: Offers): RefuseElsewhere {
  return async (recipe, context) => {
    const offered = await inTime(providers().then(valueOf, unknownIfDelayed), seconds, undefined);
    const regions = offered ? wrongRegions([recipe], offered) : [];
    if (regions.length === 0) return;
    const lines = regions.map(({ seen, mend }) => `${seen} ${mend}`);
    context.error(logLine("region not offered", lines.join("\n"), { image: recipe.name }));
    const detail = `Nothing of ${recipe.name} is begun: what its recipe asks for is not offered in the regions that are named in regions.`;
    throw new Refused(problem(503, "region-not-offered", detail, { regions, owner: "requester" }), RETRY_UNREADY);
  };
}

function unknownIfDelayed(error: unknown): undefined {
  if (!(error instanceof StepDelayed)) throw error;
}
