import { type Azure, newGuid } from "../azure.ts";
import type { SigningKey } from "../entra/signingKey.ts";
import type { Principal } from "../entra/token.ts";
import { announce } from "../events/armEvent.ts";
import { cloudMetadata, isCloudMetadata } from "../resources/cloudMetadata.ts";
import type { HttpAnswer, HttpRequest } from "../server/http.ts";
import type { Settings } from "../settings.ts";
import { lookUp } from "../store/lookUp.ts";
import type { Json } from "../store/state.ts";
import { authenticate } from "./authenticate.ts";
import { armErrors, AzureError } from "./errors.ts";
import { armHeaders } from "./headers.ts";
import { inItsVersion } from "./knownFields.ts";
import { parseTarget, type Target } from "./resourceId.ts";
import type { ArmAnswer, ArmRequest, ResourceType } from "./resourceType.ts";
import { dispatch, typeOf } from "./routing.ts";
import type { Remaining, Throttling } from "./throttling.ts";

/** Deeper than any body of Azure, and shallow enough for everything that walks it. */
const DEEPEST = 64;

/** @throws AzureError where a request's body is not a JSON object. */
function parseBody(request: HttpRequest): Json {
  const type = request.headers["content-type"] ?? "";
  if (request.body.length > 0 && !/^application\/([\w.-]+\+)?json\b/i.test(type))
    throw armErrors.UnsupportedMediaType(type);
  const text = new TextDecoder().decode(request.body);
  if (text.trim() === "") throw armErrors.InvalidRequestContent("The request content is empty");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw armErrors.InvalidRequestContent(error instanceof Error ? error.message : "not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw armErrors.InvalidRequestContent("Cannot deserialize the content: it is not a JSON object");
  }
  if (depthOf(value) > DEEPEST)
    throw armErrors.InvalidRequestContent(`The content is nested deeper than ${DEEPEST} levels`);
  return value as Json;
}

function depthOf(value: object): number {
  let depth = 0;
  for (let level: unknown[] = [value]; level.length > 0 && depth <= DEEPEST; depth++) {
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return depth;
}

/** What Azure Resource Manager does for every request before and after a resource provider sees it. */
export async function answerArm(
  azure: Azure,
  key: SigningKey,
  throttling: Throttling,
  request: HttpRequest,
): Promise<HttpAnswer & { principal?: Principal }> {
  const requestId = newGuid(azure, "request");
  const correlationId = request.headers["x-ms-correlation-request-id"] ?? newGuid(azure, "correlation");
  let principal: Principal | undefined;
  let remaining: Remaining | undefined;
  let answer: ArmAnswer;
  try {
    if (request.tooLarge) throw armErrors.RequestContentTooLarge();
    const target = targetOf(request.path);
    if (isCloudMetadata(request.path)) answer = cloudMetadata(azure, request);
    else {
      principal = await authenticate(azure, key, request);
      remaining = throttling.draw(request.method, principal.objectId, scopeOf(request.path), azure.now);
      if (azure.settings.throttling && remaining.waitSeconds > 0)
        throw armErrors.SubscriptionRequestsThrottled(remaining.waitSeconds);
      answer = answerTarget(azure, request, target, principal, correlationId);
    }
  } catch (error) {
    answer = errorAnswer(error, azure.settings);
  }
  const ids = { requestId, correlationId, ...(principal ? { objectId: principal.objectId } : {}) };
  const body = answer.body === undefined ? undefined : JSON.stringify(answer.body);
  return {
    status: answer.status,
    headers: {
      ...armHeaders(azure, request, ids, remaining),
      ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
      ...answer.headers,
    },
    ...(body === undefined ? {} : { body }),
    ...(principal ? { principal } : {}),
  };
}

function answerTarget(
  azure: Azure,
  http: HttpRequest,
  whole: Target,
  principal: Principal,
  correlationId: string,
): ArmAnswer {
  const { type, action, apiVersion, target } = typeOf(azure, http, whole);
  let parsed: ReturnType<typeof parseBody> | undefined;
  const request: ArmRequest = {
    method: http.method,
    target,
    query: http.query,
    headers: http.headers,
    apiVersion,
    principal,
    correlationId,
    body: () => (parsed ??= parseBody(http)),
  };
  const answer = dispatched(azure, type, request, action);
  announce(azure, type, request, action, `${azure.origin}${http.path}?${http.query.toString()}`, answer);
  return answer;
}

function dispatched(azure: Azure, type: ResourceType, request: ArmRequest, action: string | undefined): ArmAnswer {
  try {
    return inItsVersion(azure, request, dispatch(azure, type, request, action));
  } catch (error) {
    const answer = errorAnswer(error, azure.settings);
    const isBare = error instanceof AzureError && type.isBareError?.(error.code, request.apiVersion);
    return isBare ? { ...answer, body: (answer.body as { error: object }).error } : answer;
  }
}

function targetOf(path: string): Target {
  try {
    return parseTarget(path);
  } catch {
    throw armErrors.InvalidRequestUri(path);
  }
}

/** Whatever goes wrong in here is answered; a stand-in that falls over tests nothing. */
function errorAnswer(error: unknown, { errors }: Settings): ArmAnswer {
  if (error instanceof AzureError) {
    const { message, headers, more } = error;
    const { status = error.status, code = error.code } = lookUp(errors, error.code) ?? {};
    return { status, body: { error: { code, message, ...more } }, headers };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`local Azure: ${message}\n`);
  return {
    status: 500,
    body: { error: { code: "InternalServerError", message: "Encountered internal server error." } },
  };
}

/** Whose buckets a call draws from. */
function scopeOf(path: string): "subscription" | "tenant" {
  return /^\/+subscriptions\//i.test(path) ? "subscription" : "tenant";
}
