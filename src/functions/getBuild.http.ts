import type { Archive } from "../azure/archive.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import { BuildView } from "../domain/buildView.ts";
import { problem } from "../domain/problem.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";
import { readBuild } from "./readBuild.ts";

export const buildUnknown = problem(404, "build-unknown", "There is no build of that id.");

/** How a build is doing, or how it ended. */
export function getBuild(archive: Archive) {
  return door({
    name: "getBuild",
    method: "GET",
    route: "builds/{id}",
    summary: "How a build is doing, or how it ended",
    role: "Reader",
    answers: {
      200: {
        description: "Its state, and once it has ended its receipt.",
        body: BuildView,
        headers: { "Retry-After": "sometimes" },
      },
    },
    refuses: { 404: ["build-unknown"] },
    async handle({ param, client, urlOf }) {
      const id = param("id");
      const image = imageOfBuild(id);
      if (!image) throw new Refused(buildUnknown);
      const build = await readBuild({ archive, client }, { image, id });
      if (!build) throw new Refused(buildUnknown);
      const view: BuildView = { ...build, links: { self: urlOf(`/api/builds/${id}`) } };
      return answer(200, view, "phase" in view ? { "Retry-After": String(view.retryAfterSeconds) } : {});
    },
  });
}
