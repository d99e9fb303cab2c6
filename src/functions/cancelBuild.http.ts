import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { BuildCancelled } from "../domain/buildAccepted.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import { CancelRequest } from "../domain/cancelRequest.ts";
import { problem } from "../domain/problem.ts";
import { isUnderWay, readInstance } from "../durable/instances.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";
import { CANCEL } from "../orchestrators/cancellation.ts";
import { endedReceipt } from "./endedReceipt.ts";
import { buildUnknown } from "./getBuild.http.ts";

/**
 * Ends a build, which cleans up after itself as it always does. Twice is the same as once, also where the build has ended
 * by it meanwhile.
 */
export function cancelBuild(archive: Archive) {
  return door({
    name: "cancelBuild",
    method: "POST",
    route: "builds/{id}/cancel",
    summary: "Ends a build, which cleans up after itself",
    role: "Builder",
    audits: "cancel-asked",
    answers: {
      200: { description: "It has ended cancelled already.", body: BuildCancelled, headers: { Location: "always" } },
      202: { description: "It ends, and cleans up.", body: BuildCancelled, headers: { Location: "always" } },
    },
    refuses: { 404: ["build-unknown"], 409: ["build-ended"] },
    takes: CancelRequest,
    async handle({ param, body, client, urlOf }) {
      const id = param("id");
      const image = imageOfBuild(id);
      const instance = image ? await readInstance(client, id) : undefined;
      if (!image || !instance) throw new Refused(buildUnknown);

      const request = await body(CancelRequest);
      const self = urlOf(`/api/builds/${id}`);
      if (!isUnderWay(instance)) {
        const receipt = await endedReceipt(archive, { image, id, instance });
        if (receipt?.outcome.kind === "cancelled") {
          const ended: BuildCancelled = { id, image, state: "cancelled", links: { self } };
          return answer(200, ended, { Location: self });
        }
        const detail = "The build has ended; there is nothing to cancel.";
        throw new Refused(problem(409, "build-ended", detail, { build: self }));
      }
      // The first request counts, whoever asks again; the event may have got lost, so it is raised each time. It only says
      // that there is a request: the build reads it itself.
      await archive.replaceJson(archiveNames.cancel(image, id), request, undefined);
      await client.raiseEvent(id, CANCEL, null);
      const ends: BuildCancelled = { id, image, state: "cancelling", links: { self } };
      return answer(202, ends, { Location: self });
    },
  });
}
