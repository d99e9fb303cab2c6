import type { InvocationContext } from "@azure/functions";
import type { Provider } from "../domain/preflight/subscription.ts";
import { type Observed, valueOf } from "../domain/preflight/observed.ts";
import { problem } from "../domain/problem.ts";
import type { Recipe } from "../domain/recipes/schema.ts";
import { wrongRegions } from "../domain/recipes/wrongRegions.ts";
import { Refused } from "../http/door.ts";
import { logLine } from "../telemetry/logLine.ts";
import { inTime } from "./inTime.ts";

/** What Azure has in which regions. */
export interface Offers {
  /** The resource providers of the subscription, with the regions that have them. */
  providers: () => Promise<Observed<readonly Provider[]>>;
  /** For how long somebody who asks for a build is kept waiting for that. */
  seconds: number;
}

/** Why a build of a recipe is not begun; undefined where it may be. */
export type RefusalElsewhere = (
  recipe: Recipe,
  context: Pick<InvocationContext, "error">,
) => Promise<Refused | undefined>;

/** Seconds after which it is worth asking again: somebody has to change the recipe first. */
const RETRY_AFTER = { "Retry-After": "300" };

/** Holds a recipe that somebody wants built against what Azure has in its regions, and tells the log what is wrong. */
export function refuserElsewhere({ providers, seconds }: Offers): RefusalElsewhere {
  return async (recipe, context) => {
    // Where Azure does not say what it has, for whatever reason, the build's own preflight refuses it, or tells that.
    const offered = await inTime(
      providers().then(valueOf, () => undefined),
      seconds,
      undefined,
    );
    const regions = offered ? wrongRegions([recipe], offered) : [];
    if (regions.length === 0) return undefined;
    const told = regions.map(({ seen, mend }) => `${seen} ${mend}`).join("\n");
    context.error(logLine("region not offered", told, { image: recipe.name }));
    const detail = `Nothing of ${recipe.name} is begun. ${told}`;
    return new Refused(problem(503, "region-not-offered", detail, { regions, owner: "requester" }), RETRY_AFTER);
  };
}
