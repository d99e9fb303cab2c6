import type { HttpRequest, InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import { buildView } from "../domain/buildView.ts";
import { problem } from "../domain/problem.ts";
import type { Progress } from "../domain/receipt.ts";
import { isUnderWay, readInstance } from "../durable/instances.ts";
import { answer, answering, refuse, urlOf } from "./answers.ts";
import { endedReceipt } from "./endedReceipt.ts";

const UNKNOWN = problem(404, "build-unknown", "There is no build of that id.");

/** `GET /api/builds/{id}`: how a build is doing, or how it ended. */
export function registerGetBuild(archive: Archive): void {
  df.app.client.http("getBuild", {
    route: "builds/{id}",
    methods: ["GET"],
    authLevel: "function",
    handler: answering(async (request: HttpRequest, client: df.DurableClient, _: InvocationContext) => {
      const id = request.params.id ?? "";
      const image = imageOfBuild(id);
      if (!image) return refuse(UNKNOWN);
      const links = { self: urlOf(request, `/api/builds/${id}`) };

      const instance = await readInstance(client, id);
      if (instance && isUnderWay(instance)) {
        const progress = (instance.customStatus ?? undefined) as Progress | undefined;
        const run = progress?.waitInstance ? await readInstance(client, progress.waitInstance) : undefined;
        const runPhase = (run?.customStatus as { phase?: string } | undefined)?.phase;
        const view = buildView(id, image, progress, runPhase, new Date());
        return answer(200, { ...view, links }, { "Retry-After": String(view.retryAfterSeconds) });
      }
      const receipt = await endedReceipt(archive, { image, id, instance });
      if (receipt) return answer(200, { id, image, state: receipt.outcome.kind, receipt, links });
      if (!instance) return refuse(UNKNOWN);
      const detail = "The build ended without a receipt: an operator terminated it, or its storage was out of reach.";
      return answer(200, { id, image, state: "failed", detail, links });
    }),
  });
}
