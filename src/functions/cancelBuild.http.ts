import type { HttpRequest, InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import { CancelRequest } from "../domain/cancelRequest.ts";
import { parseJsonBody } from "../domain/jsonBody.ts";
import { problem } from "../domain/problem.ts";
import { isUnderWay, readInstance } from "../durable/instances.ts";
import { CANCEL } from "../orchestrators/cancellation.ts";
import { answer, answering, refuse, urlOf } from "./answers.ts";
import { endedReceipt } from "./endedReceipt.ts";
import { bodyOf } from "./requestBody.ts";

/**
 * `POST /api/builds/{id}/cancel`: ends a build, which cleans up after itself as it always does. Twice is the same as
 * once, also where the build has ended by it meanwhile.
 */
export function registerCancelBuild(archive: Archive): void {
  df.app.client.http("cancelBuild", {
    route: "builds/{id}/cancel",
    methods: ["POST"],
    authLevel: "function",
    handler: answering(async (request: HttpRequest, client: df.DurableClient, _: InvocationContext) => {
      const id = request.params.id ?? "";
      const image = imageOfBuild(id);
      const instance = image ? await readInstance(client, id) : undefined;
      if (!image || !instance) return refuse(problem(404, "build-unknown", "There is no build of that id."));

      const body = parseJsonBody(CancelRequest, await bodyOf(request), {
        contentType: request.headers.get("content-type"),
        contentEncoding: request.headers.get("content-encoding"),
      });
      if (body.kind === "refused") return refuse(body.problem);

      const self = urlOf(request, `/api/builds/${id}`);
      if (!isUnderWay(instance)) {
        const receipt = await endedReceipt(archive, { image, id, instance });
        if (receipt?.outcome.kind === "cancelled") {
          return answer(200, { id, image, state: "cancelled", links: { self } }, { Location: self });
        }
        return refuse(problem(409, "build-ended", "The build has ended; there is nothing to cancel.", { build: self }));
      }
      // The first request counts, whoever asks again; the event may have got lost, so it is raised each time.
      const name = archiveNames.cancel(image, id);
      await archive.replaceJson(name, body.value, undefined);
      const first = CancelRequest.safeParse((await archive.readJson(name))?.value);
      await client.raiseEvent(id, CANCEL, first.data ?? body.value);
      return answer(202, { id, image, state: "cancelling", links: { self } }, { Location: self });
    }),
  });
}
