import type { Archive } from "../azure/archive.ts";
import { BuildRequestBody } from "../domain/buildRequest.ts";
import { type Notify, toldOf } from "../domain/callbacks/notify.ts";
import { type CallbackTarget, notAllowed } from "../domain/callbacks/targets.ts";
import { IdempotencyKey } from "../domain/idempotency.ts";
import type { Caller } from "../domain/caller.ts";
import { asApplication } from "../domain/ownRequest.ts";
import { Preview } from "../domain/preview.ts";
import { problem } from "../domain/problem.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { requestBodyFor } from "../domain/recipes/parameters.ts";
import { traceParentOf } from "../domain/traceParent.ts";
import { door, Refused } from "../http/door.ts";
import { acceptedBuild, BUILD_ACCEPTED } from "./acceptedBuild.ts";
import { askCatalogue } from "./askCatalogue.ts";
import type { Previewer } from "./preview.ts";
import { recipeAsked } from "./recipeAsked.ts";
import type { RefusalElsewhere } from "./regionsAsked.ts";
import { startOnce } from "./startOnce.ts";

/** Asks for a build of an image. */
export function startBuild(
  catalogue: AskCatalogue,
  archive: Archive,
  preview: Previewer,
  refusalElsewhere: RefusalElsewhere,
  callbackTargets: readonly CallbackTarget[],
) {
  return door({
    name: "startBuild",
    method: "POST",
    route: "images/{image}/builds",
    summary: "Asks for a build of an image",
    role: "Builder",
    answers: {
      200: { description: "Of a dry run: the plan, and the findings.", body: Preview },
      202: BUILD_ACCEPTED,
    },
    refuses: {
      400: ["callback-not-allowed", "idempotency-key-invalid"],
      404: ["image-unknown"],
      409: ["recipe-broken", "plan-failed", "idempotency-key-reused"],
      503: ["region-not-offered"],
    },
    headers: ["Idempotency-Key"],
    takes: BuildRequestBody,
    async handle({ param, body, request, caller, context, client, ready, urlOf }) {
      const recipe = recipeAsked(await askCatalogue(catalogue, context), param("image"));
      const { name: image, parameters: taken } = recipe;
      const { dryRun, parameters, ...rest } = await body(requestBodyFor(taken));
      const key = keyIn(request.headers);
      const asked = { ...rest, ...(Object.keys(parameters).length > 0 ? { parameters } : {}) };
      refuseCallbacksElsewhere(asked.notify ?? [], callbackTargets);
      await ready();
      if (dryRun) return preview(image, asked);

      // Where everybody is let in, nobody is known.
      const by = caller.kind === "open" ? {} : { requester: requesterOf(caller) };
      const trace = traceParentOf(request.headers);
      const wanted = {
        ...asked,
        ...by,
        ...toldOf(recipe.notify, asked.notify),
        ...trace,
        image,
        door: "http" as const,
      };
      const known = key === undefined ? undefined : { caller: caller.id, key, body: asked };
      const buildId = await startOnce(archive, client, wanted, known, await refusalElsewhere(recipe, context));
      return acceptedBuild(image, buildId, { urlOf, context });
    },
  });
}

/** @throws Refused where a URL is not one that the settings let be called. */
function refuseCallbacksElsewhere(notify: Notify, targets: readonly CallbackTarget[]): void {
  const urls = notAllowed(notify, targets);
  if (urls.length === 0) return;
  const detail =
    "The service may not call the URLs that are named in urls: name others, or have an operator add them to GOLDSMITH_CALLBACK_TARGETS.";
  throw new Refused(problem(400, "callback-not-allowed", detail, { urls }));
}

function requesterOf({ kind, id }: Caller): string {
  return kind === "application" ? asApplication(id) : id;
}

/** @throws Refused where the key is none. */
function keyIn(headers: Headers): string | undefined {
  const key = headers.get("idempotency-key");
  if (key === null) return undefined;
  const { success, error } = IdempotencyKey.safeParse(key);
  if (success) return key;
  throw new Refused(problem(400, "idempotency-key-invalid", `Idempotency-Key ${error.issues[0]?.message}.`));
}
