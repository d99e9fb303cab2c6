import { z } from "zod";
import { NotReady } from "../domain/notReady.ts";
import { answer } from "../http/answers.ts";
import { door } from "../http/door.ts";
import type { Readiness } from "../readiness.ts";

/** Whether requests may be sent here. It asks nobody for it, however often it is asked. */
export function getReadiness(readiness: Pick<Readiness, "known">) {
  return door({
    name: "getReadiness",
    method: "GET",
    route: "health/ready",
    summary: "Whether the service is set up to work",
    role: "anyone",
    isHealth: true,
    answers: { 200: { description: "It is.", body: z.strictObject({ state: z.literal("ready") }) } },
    refuses: { 503: ["not-configured"] },
    handle: async () => {
      const faults = readiness.known();
      if (faults.length > 0) throw new NotReady(faults);
      return answer(200, { state: "ready" });
    },
  });
}
