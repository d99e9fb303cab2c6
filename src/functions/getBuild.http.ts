import * as z from "zod";
import type { Archive } from "../azure/archive.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import { BuildView } from "../domain/buildView.ts";
import { problem } from "../domain/problem.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";
import { isKnown } from "../http/etag.ts";
import { type LookUntil, wait } from "../http/waitingRoom.ts";
import { sha256 } from "../sha256.ts";
import { readBuild } from "./readBuild.ts";

export const buildUnknown = problem(404, "build-unknown", "There is no build of that id.");

/** Others than the service itself keep nothing of it without asking whether it is still true. */
const REVALIDATED = { "Cache-Control": "private, no-cache" };

/** How a build is doing, or how it ended; asked to wait, as soon as state or phase is another one. */
export function getBuild(archive: Archive, lookUntil: LookUntil) {
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
        headers: { ETag: "always", "Retry-After": "sometimes" },
      },
      304: {
        description: "Nothing is new but the time.",
        headers: { ETag: "always", "Retry-After": "sometimes" },
      },
    },
    refuses: { 404: ["build-unknown"] },
    query: z.strictObject({ wait }),
    headers: ["If-None-Match"],
    async handle({ param, query, request, client, urlOf }) {
      const id = param("id");
      const image = imageOfBuild(id);
      if (!image) throw new Refused(buildUnknown);
      const self = urlOf(`/api/builds/${id}`);
      const known = request.headers.get("if-none-match");

      const look = async () => {
        const build = await readBuild({ archive, client }, { image, id });
        if (!build) throw new Refused(buildUnknown);
        const hasLog = "receipt" in build && build.receipt.log.kind === "archived";
        const links = { self, events: `${self}/events`, ...(hasLog ? { log: `${self}/log` } : {}) };
        const view: BuildView = { ...build, links };
        return { view, etag: etagOf(view) };
      };
      type Seen = Awaited<ReturnType<typeof look>>;
      const isNews = ({ view, etag }: Seen, first: Seen) =>
        !("phase" in view) || (known === null ? etag !== first.etag : !isKnown(known, etag));
      const { view, etag } = await lookUntil(look, isNews, query.wait);

      const soon = "phase" in view ? { "Retry-After": String(view.retryAfterSeconds) } : {};
      const headers = { ...REVALIDATED, ETag: etag, ...soon };
      return isKnown(known, etag) ? { status: 304, headers } : answer(200, view, headers);
    },
  });
}

/** Weak: it does not change with the time that goes by. */
function etagOf(view: BuildView): string {
  const told = "phase" in view ? { ...view, elapsedSeconds: 0, retryAfterSeconds: 0 } : view;
  return `W/"${sha256(JSON.stringify(told)).slice(0, 32)}"`;
}
