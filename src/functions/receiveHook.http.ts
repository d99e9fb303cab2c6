import * as z from "zod";
import type { Audit } from "../auth/auditing.ts";
import type { Archive } from "../azure/archive.ts";
import { toldOf } from "../domain/callbacks/notify.ts";
import { type Caller, isGranted } from "../domain/caller.ts";
import { mapped, type Unmapped } from "../domain/hooks/mapping.ts";
import { parseJsonBody } from "../domain/jsonBody.ts";
import { problem } from "../domain/problem.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { requestBodyFor } from "../domain/recipes/parameters.ts";
import { traceParentOf } from "../domain/traceParent.ts";
import { door, Refused } from "../http/door.ts";
import type { ReadyHook } from "../http/systemKeys.ts";
import { bodyOf } from "../http/requestBody.ts";
import { verifiedWebhook } from "../http/verifiedWebhook.ts";
import { acceptedBuild, BUILD_ACCEPTED } from "./acceptedBuild.ts";
import { askCatalogue } from "./askCatalogue.ts";
import { recipeAsked } from "./recipeAsked.ts";
import type { RefusalElsewhere } from "./regionsAsked.ts";
import { startOnce } from "./startOnce.ts";

export interface HookParts {
  hooks: ReadonlyMap<string, ReadyHook>;
  catalogue: AskCatalogue;
  archive: Archive;
  refusalElsewhere: RefusalElsewhere;
  audit: Audit;
}

/**
 * Asks for a build by the body of a system that can send no other: signed, and mapped by what the settings say. What it
 * sends again is the same build.
 */
export function receiveHook({ hooks, catalogue, archive, refusalElsewhere, audit }: HookParts) {
  return door({
    name: "receiveHook",
    method: "POST",
    route: "hooks/{name}",
    summary: "Asks for a build by a signed body of a system's own",
    // Who it is, is told by the signature.
    role: "anyone",
    answers: {
      202: BUILD_ACCEPTED,
    },
    refuses: {
      400: ["hook-unmapped"],
      401: ["hook-unverified"],
      403: ["role-missing"],
      404: ["hook-unknown", "image-unknown"],
      409: ["recipe-broken", "idempotency-key-reused"],
      503: ["region-not-offered"],
    },
    takes: z.unknown(),
    async handle({ param, request, context, client, ready, urlOf }) {
      const name = param("name");
      const hook = hooks.get(name);
      const at = { context, request };
      if (!hook) {
        await audit(at, { what: "hook-unknown", door: "receiveHook" });
        throw new Refused(HOOK_UNKNOWN);
      }
      const id = `hook/${name}`;
      const { headers } = request;

      const bytes = await bodyOf(request);
      const verified = verifiedWebhook(hook, { headers, body: bytes }, hook.secrets, new Date());
      if (verified.kind === "unverified") {
        await audit(at, { what: verified.why, door: "receiveHook", hook: name });
        throw new Refused(UNVERIFIED);
      }
      const { image, body } = asked(hook, bytes, headers);
      const caller: Caller = { kind: "key", id, name, roles: ["Builder"], limits: { Builder: hook.images } };
      if (!isGranted(caller, "Builder", image)) {
        await audit(at, { what: "image-not-granted", door: "receiveHook", caller: id });
        throw new Refused(problem(403, "role-missing", "This hook may not ask for that image.", { role: "Builder" }));
      }

      const recipe = recipeAsked(await askCatalogue(catalogue, context), image);
      const parsed = requestBodyFor(recipe.parameters).safeParse(body);
      if (!parsed.success) {
        throw unmapped(parsed.error.issues.map(({ path, message }) => ({ pointer: pointerOf(path), detail: message })));
      }
      const { dryRun: _, parameters, ...rest } = parsed.data;
      const given = Object.keys(parameters).length > 0 ? { parameters } : {};
      const wanted = {
        ...rest,
        requester: id,
        ...given,
        ...toldOf(recipe.notify, hook.notify),
        ...traceParentOf(headers),
        image,
        door: "hook" as const,
      };
      await ready();
      const refusal = await refusalElsewhere(recipe, context);
      const buildId = await startOnce(archive, client, wanted, { caller: id, key: verified.id, body }, refusal);
      return acceptedBuild(image, buildId, { urlOf, context });
    },
  });
}

/** @throws Refused where the body is no JSON, or has not what the mapping wants. */
function asked(hook: ReadyHook, bytes: Uint8Array, headers: Headers): { image: string; body: Record<string, unknown> } {
  const sent = parseJsonBody(z.json(), bytes, {
    contentType: headers.get("content-type"),
    contentEncoding: headers.get("content-encoding"),
  });
  if (sent.kind === "refused") throw new Refused(sent.problem);
  const read = mapped(hook.map, sent.value);
  if (read.kind === "unmapped") throw unmapped(read.errors);
  return read;
}

function unmapped(errors: Unmapped[]): Refused {
  const detail = "The body does not make a request for a build: see errors, and the hook's mapping.";
  return new Refused(problem(400, "hook-unmapped", detail, { errors }));
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step)}`).join("");
}

const HOOK_UNKNOWN = problem(404, "hook-unknown", "There is no hook of that name: see GOLDSMITH_HOOKS.");
/** One for all: which part was wrong helps nobody as much as who tries. */
const UNVERIFIED = problem(401, "hook-unverified", "The signature is missing, wrong, or of another time or form.");
