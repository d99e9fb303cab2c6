import type { HttpResponseInit } from "@azure/functions";
import { BuildAccepted } from "../domain/buildAccepted.ts";
import { answer } from "../http/answers.ts";
import type { Asked, DoorAnswer } from "../http/door.ts";
import { logLine } from "../telemetry/logLine.ts";
import { traceIdOf } from "../telemetry/places.ts";

/** Seconds after which it is worth asking how a build that has just begun is doing. */
const FIRST_LOOK_SECONDS = 10;

/** The 202 of doors that ask for a build. */
export const BUILD_ACCEPTED: DoorAnswer = {
  description: "The build is on its way.",
  body: BuildAccepted,
  headers: { Location: "always", "Retry-After": "always" },
};

export function acceptedBuild(
  image: string,
  buildId: string,
  { urlOf, context }: Pick<Asked, "urlOf" | "context">,
): HttpResponseInit {
  const facts = { buildId, image, traceId: traceIdOf(buildId) };
  context.log(logLine("build asked for", `${buildId} is asked for`, facts));
  const self = urlOf(`/api/builds/${buildId}`);
  const accepted: BuildAccepted = { id: buildId, image, state: "accepted", links: { self } };
  return answer(202, accepted, { Location: self, "Retry-After": String(FIRST_LOOK_SECONDS) });
}
