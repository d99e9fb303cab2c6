import * as z from "zod";
import { sweepId } from "../domain/sweepId.ts";
import { SweepAccepted } from "../domain/sweepView.ts";
import { startInstance } from "../durable/instances.ts";
import { answer } from "../http/answers.ts";
import { door } from "../http/door.ts";
import { sweep } from "../orchestrators/sweep.ts";

/** Sweeps now, or only tells what a sweep would do. */
export const startSweep = door({
  name: "startSweep",
  method: "POST",
  route: "sweep",
  summary: "Sweeps now, or only tells what a sweep would do",
  role: "Operator",
  audits: "sweep-asked",
  answers: {
    202: {
      description: "The sweep is on its way.",
      body: SweepAccepted,
      headers: { Location: "always", "Retry-After": "always" },
    },
  },
  query: z.strictObject({
    dryRun: z.enum(["true", "false"], { error: "takes true or false" }).default("false"),
  }),
  async handle({ query, client, ready, urlOf }) {
    await ready();
    const nonce = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => (byte % 36).toString(36)).join("");
    const id = sweepId(new Date(), nonce);
    await startInstance(client, sweep, id, { dryRun: query.dryRun === "true" });
    const self = urlOf(`/api/sweeps/${id}`);
    const accepted = { id, state: "accepted", links: { self } } satisfies z.infer<typeof SweepAccepted>;
    return answer(202, accepted, { Location: self, "Retry-After": "5" });
  },
});
