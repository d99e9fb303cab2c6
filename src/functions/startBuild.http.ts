import type { HttpRequest, InvocationContext } from "@azure/functions";
import * as df from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import { newBuildId } from "../domain/buildId.ts";
import { parseJsonBody } from "../domain/jsonBody.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { requestBodyFor } from "../domain/recipes/parameters.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { answer, answering, refuse, urlOf } from "./answers.ts";
import { bodyOf } from "./requestBody.ts";
import type { Preview } from "./preview.ts";
import { recipeAsked } from "./recipeAsked.ts";
import { requestBuild } from "./requestBuild.ts";

/** Seconds after which it is worth asking how a build that has just begun is doing. */
const FIRST_LOOK_SECONDS = 10;

/** `POST /api/images/{image}/builds`: asks for a build of an image. */
export function registerStartBuild(catalogue: AskCatalogue, archive: Archive, preview: Preview): void {
  df.app.client.http("startBuild", {
    route: "images/{image}/builds",
    methods: ["POST"],
    authLevel: "function",
    handler: answering(async (request: HttpRequest, client: df.DurableClient, context: InvocationContext) => {
      const wanted = recipeAsked(await askCatalogue(catalogue, context), request.params.image);
      if (wanted.kind === "refused") return refuse(wanted.problem);
      const { name: image } = wanted.recipe;

      const body = parseJsonBody(requestBodyFor(wanted.recipe.parameters), await bodyOf(request), {
        contentType: request.headers.get("content-type"),
        contentEncoding: request.headers.get("content-encoding"),
      });
      if (body.kind === "refused") return refuse(body.problem);

      const { dryRun, parameters, ...rest } = body.value;
      const asked = { ...rest, ...(Object.keys(parameters).length > 0 ? { parameters } : {}) };
      if (dryRun) return preview(image, asked);

      const buildId = newBuildId(image, new Date(), [...crypto.getRandomValues(new Uint8Array(4))]);
      await requestBuild(archive, client, { ...asked, buildId, image, door: "http" });
      const self = urlOf(request, `/api/builds/${buildId}`);
      return answer(
        202,
        { id: buildId, image, state: "accepted", links: { self } },
        { Location: self, "Retry-After": String(FIRST_LOOK_SECONDS) },
      );
    }),
  });
}
