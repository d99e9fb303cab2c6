import type { Archive } from "../azure/archive.ts";
import { BuildList, BuildListQuery, cursorOf } from "../domain/buildList.ts";
import { isGranted } from "../domain/caller.ts";
import { StepFailed } from "../domain/failure.ts";
import { problem } from "../domain/problem.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";
import { listedBuilds } from "./listedBuilds.ts";

/** Builds, those that were asked for last before the others. */
export function listBuilds(archive: Archive) {
  return door({
    name: "listBuilds",
    method: "GET",
    route: "builds",
    summary: "Builds, the newest first",
    role: "Reader",
    showsPermitted: true,
    answers: { 200: { description: "Some of them, and where the list goes on.", body: BuildList } },
    query: BuildListQuery,
    async handle({ query, client, caller, urlOf }) {
      const { image, state, since, limit, cursor = {} } = query;
      const images = (name: string) => (image ?? name) === name && isGranted(caller, "Reader", name);
      const wanted = { images, state, since, limit, from: cursor };
      const { builds, next } = await listedBuilds({ archive, client }, wanted).catch((error: unknown) => {
        // Of what came from outside only the marker reaches the storage.
        if (!(error instanceof StepFailed && cursor.marker)) throw error;
        throw new Refused(problem(400, "parameter-invalid", "cursor is none that this service gave."));
      });
      const going = new URLSearchParams({
        ...(image ? { image } : {}),
        ...(state ? { state } : {}),
        ...(since ? { since } : {}),
        limit: String(limit),
        ...(next ? { cursor: cursorOf(next) } : {}),
      });
      return answer(200, {
        builds: builds.map((build) => ({ ...build, links: { self: urlOf(`/api/builds/${build.id}`) } })),
        ...(next ? { next: urlOf(`/api/builds?${going.toString()}`) } : {}),
      } satisfies BuildList);
    },
  });
}
