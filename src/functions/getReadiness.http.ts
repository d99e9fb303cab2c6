import * as z from "zod";
import { StepDelayed } from "../domain/failure.ts";
import { NotReady } from "../domain/notReady.ts";
import { answer } from "../http/answers.ts";
import { door } from "../http/door.ts";
import type { Readiness } from "../readiness.ts";

/**
 * Whether requests may be sent here. A process of which nobody has wanted work yet has Azure asked, and says that it is not
 * until there is an answer, whichever: `live` is for whoever restarts what does not answer well.
 */
export function getReadiness(readiness: Pick<Readiness, "known">) {
  return door({
    name: "getReadiness",
    method: "GET",
    route: "health/ready",
    summary: "Whether the service is set up to work",
    role: "anyone",
    isHealth: true,
    answers: { 200: { description: "It is.", body: z.strictObject({ state: z.literal("ready") }) } },
    refuses: { 503: ["not-configured", "azure-busy"] },
    handle: async () => {
      const faults = readiness.known();
      if (!faults) throw new StepDelayed("Azure has not said yet whether the settings are right.", 0);
      if (faults.length > 0) throw new NotReady(faults);
      return answer(200, { state: "ready" });
    },
  });
}
