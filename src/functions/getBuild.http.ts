import type { Archive } from "../azure/archive.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import { buildView, type Told } from "../domain/buildView.ts";
import { problem } from "../domain/problem.ts";
import type { Progress } from "../domain/receipt.ts";
import { isUnderWay, readInstance } from "../durable/instances.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";
import { endedReceipt } from "./endedReceipt.ts";

export const buildUnknown = problem(404, "build-unknown", "There is no build of that id.");

/** How a build is doing, or how it ended. */
export function getBuild(archive: Archive) {
  return door({
    name: "getBuild",
    method: "GET",
    route: "builds/{id}",
    summary: "How a build is doing, or how it ended",
    role: "Reader",
    answers: { 200: { description: "Its state, and once it has ended its receipt." } },
    async handle({ param, client, urlOf }) {
      const id = param("id");
      const image = imageOfBuild(id);
      if (!image) throw new Refused(buildUnknown);
      const links = { self: urlOf(`/api/builds/${id}`) };

      const instance = await readInstance(client, id);
      if (instance && isUnderWay(instance)) {
        const progress = (instance.customStatus ?? undefined) as Progress | undefined;
        const run = progress?.waitInstance ? await readInstance(client, progress.waitInstance) : undefined;
        const told: Told | undefined = run?.customStatus ?? undefined;
        const view = buildView(id, image, progress, told, new Date());
        return answer(200, { ...view, links }, { "Retry-After": String(view.retryAfterSeconds) });
      }
      const receipt = await endedReceipt(archive, { image, id, instance });
      if (receipt) return answer(200, { id, image, state: receipt.outcome.kind, receipt, links });
      if (!instance) throw new Refused(buildUnknown);
      const detail = "The build ended without a receipt: an operator terminated it, or its storage was out of reach.";
      return answer(200, { id, image, state: "failed", detail, links });
    },
  });
}
