import * as z from "zod";
import type { Archive } from "../azure/archive.ts";
import { BuildEvents } from "../domain/buildEvents.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";
import { type LookUntil, wait } from "../http/waitingRoom.ts";
import { buildUnknown } from "./getBuild.http.ts";
import { readEvents } from "./readEvents.ts";

const OF_AFTER = { error: "takes the number of an event, or 0" };

/** What happens in a build, one after another; asked to wait, as soon as there is more. */
export function getEvents(archive: Archive, lookUntil: LookUntil) {
  return door({
    name: "getEvents",
    method: "GET",
    route: "builds/{id}/events",
    summary: "What happens in a build, and the lines of its log",
    role: "LogReader",
    answers: { 200: { description: "What follows an event, as far as it has happened.", body: BuildEvents } },
    refuses: { 404: ["build-unknown"] },
    query: z.strictObject({
      after: z.coerce
        .number(OF_AFTER)
        .int(OF_AFTER)
        .min(0, OF_AFTER)
        .default(0)
        .describe("The number of the last event that is known."),
      wait,
    }),
    async handle({ param, query, client }) {
      const id = param("id");
      const image = imageOfBuild(id);
      if (!image) throw new Refused(buildUnknown);
      const look = async () => {
        const told = await readEvents({ archive, client }, { image, id }, query.after);
        if (!told) throw new Refused(buildUnknown);
        return told;
      };
      return answer(200, await lookUntil(look, ({ events, ended }) => ended || events.length > 0, query.wait));
    },
  });
}
