import type { HttpRequest, InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import { problem } from "../domain/problem.ts";
import { sweepId } from "../domain/sweepId.ts";
import { startInstance } from "../durable/instances.ts";
import { sweep } from "../orchestrators/sweep.ts";
import { answer, answering, refuse, urlOf } from "./answers.ts";

/** `POST /api/sweep?dryRun=true`: sweeps now, or only tells what a sweep would do. */
export function registerStartSweep(): void {
  df.app.client.http("startSweep", {
    route: "sweep",
    methods: ["POST"],
    authLevel: "function",
    handler: answering(async (request: HttpRequest, client: df.DurableClient, _: InvocationContext) => {
      const dryRun = request.query.get("dryRun") ?? "false";
      if (!["true", "false"].includes(dryRun)) {
        return refuse(problem(400, "parameter-invalid", "dryRun takes true or false."));
      }
      const nonce = [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => (byte % 36).toString(36)).join("");
      const id = sweepId(new Date(), nonce);
      await startInstance(client, sweep, id, { dryRun: dryRun === "true" });
      const self = urlOf(request, `/api/sweeps/${id}`);
      return answer(202, { id, state: "accepted", links: { self } }, { Location: self, "Retry-After": "5" });
    }),
  });
}
