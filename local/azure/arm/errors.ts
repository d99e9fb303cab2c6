import type { Principal } from "../entra/token.ts";
import { groupNameOf, nestedName } from "./resourceId.ts";

/** An answer that says no, in ARM's envelope. */
export class AzureError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  readonly more: ErrorMore;

  constructor(
    status: number,
    code: string,
    message: string,
    headers: Record<string, string> = {},
    more: ErrorMore = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.more = more;
  }
}

/** Of the envelope, where there is more in it than code and message. */
export interface ErrorMore {
  target?: string;
  /** Network errors have an empty list. */
  details?: { code?: string; target: string; message: string }[];
  additionalInfo?: { type: string; info: object }[];
}

// Requests

export const invalidRequestContent = (detail: string) =>
  new AzureError(
    400,
    "InvalidRequestContent",
    `The request content was invalid and could not be deserialized: '${detail}'.`,
  );

/** @param path where, as `properties.subnets`. */
export const invalidRequestFormat = (path: string, problem: string) =>
  new AzureError(
    400,
    "InvalidRequestFormat",
    "Cannot parse the request.",
    {},
    {
      details: [{ code: "InvalidJson", target: path, message: `${problem}. Path '${path}'.` }],
    },
  );

export const duplicateName = (property: string, name: string) =>
  new AzureError(
    400,
    "InvalidRequestFormat",
    "Cannot parse the request.",
    {},
    {
      details: [
        {
          code: "DuplicateResourceName",
          target: `properties.${property}`,
          message: `Resource has two child resources with the same name (${name}).`,
        },
      ],
    },
  );

export const requestTooLarge = () =>
  new AzureError(413, "RequestContentTooLarge", "The request content size exceeds the maximum size of '4 MB'.");

export const unsupportedMediaType = (type: string) =>
  new AzureError(
    415,
    "UnsupportedMediaType",
    `The content media type '${type}' is not supported. Only 'application/json' is supported.`,
  );

export const invalidPath = (path: string) =>
  new AzureError(400, "InvalidRequestUri", `The request URI '${path}' is malformed.`);

export const methodNotAllowed = (method: string) =>
  new AzureError(405, "HttpMethodNotSupported", `The HTTP method '${method}' is not supported at the scope.`);

export const missingApiVersion = () =>
  new AzureError(
    400,
    "MissingApiVersionParameter",
    "The api-version query parameter (?api-version=) is required for all requests.",
  );

export const invalidApiVersion = (version: string, supported: readonly string[]) =>
  new AzureError(
    400,
    "InvalidApiVersionParameter",
    `The api-version '${version}' is invalid. The supported versions are '${supported.join(",")}'.`,
  );

export const noRegisteredProvider = (
  type: string,
  version: string,
  location: string,
  supported: readonly string[],
  locations: readonly string[],
) =>
  new AzureError(
    400,
    "NoRegisteredProviderFound",
    `No registered resource provider found for location '${location}' and API version '${version}' for type ` +
      `'${type.slice(type.indexOf("/") + 1)}'. The supported api-versions are '${supported.join(", ")}'. ` +
      `The supported locations are '${locations.join(", ")}'.`,
  );

export const invalidNamespace = (namespace: string) =>
  new AzureError(404, "InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`);

export const invalidResourceType = (namespace: string, type: string, version: string) =>
  new AzureError(
    400,
    "InvalidResourceType",
    `The resource type '${type}' could not be found in the namespace '${namespace}' for api version '${version}'. ` +
      "The supported api-versions are ''.",
  );

export const invalidSubscriptionId = (id: string) =>
  new AzureError(400, "InvalidSubscriptionId", `The provided subscription identifier '${id}' is malformed or invalid.`);

export const locationNotAvailable = (location: string, type: string, available: readonly string[]) =>
  new AzureError(
    400,
    "LocationNotAvailableForResourceType",
    `The provided location '${location}' is not available for resource type '${type}'. ` +
      `List of available regions for the resource type is '${available.join(",")}'.`,
  );

export const invalidQuery = (parameter: string, value: string) =>
  new AzureError(
    400,
    `Invalid${parameter.replace("$", "").replace(/^./, (first) => first.toUpperCase())}InQueryString`,
    `Invalid ${parameter} '${value}' specified in the query string.`,
  );

export const locationRequired = () =>
  new AzureError(400, "LocationRequired", "The location property is required for this definition.");

// Not there

export const subscriptionNotFound = (id: string) =>
  new AzureError(404, "SubscriptionNotFound", `The subscription '${id}' could not be found.`);

export const groupNotFound = (name: string) =>
  new AzureError(404, "ResourceGroupNotFound", `Resource group '${name}' could not be found.`);

export const resourceNotFound = (type: string, id: string, names: string[]) =>
  new AzureError(
    404,
    "ResourceNotFound",
    `The Resource '${nestedName(type, names)}' under resource group '${groupNameOf(id)}' was not found. ` +
      "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
  );

export const parentNotFound = (parent: string) =>
  new AzureError(
    404,
    "ParentResourceNotFound",
    "Failed to perform 'write' on resource(s) of this type, because the parent resource " +
      `'${parent}' could not be found.`,
  );

export const notFound = (code: string, message: string) => new AzureError(404, code, message);

// Not now

export const conflict = (message: string) => new AzureError(409, "Conflict", message);

export const tooManyRequests = (seconds: number) =>
  new AzureError(
    429,
    "SubscriptionRequestsThrottled",
    `Number of requests for the subscription exceeded the limit. Please try again after '${seconds}' seconds.`,
    { "retry-after": String(seconds) },
  );

// Not you

export const authorizationFailed = (who: Principal, action: string, scope: string, conditionNotMet: boolean) =>
  new AzureError(
    403,
    "AuthorizationFailed",
    `The client '${who.appId}' with object id '${who.objectId}' does not have authorization ` +
      `${conditionNotMet ? "or an ABAC condition not fulfilled " : ""}to perform action '${action}' over scope ` +
      `'${scope || "/"}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );

export const blockedByDenyAssignment = (
  code: string,
  who: Principal,
  action: string,
  scope: string,
  by: { id: string; scope: string },
) =>
  new AzureError(
    403,
    code,
    `The client '${who.appId}' with object id '${who.objectId}' cannot perform action '${action}' over scope '${scope}': ` +
      `access is blocked by deny assignments with id '${by.id}' at scope '${by.scope}'.`,
  );

export const linkedAuthorizationFailed = (
  who: Principal,
  action: string,
  scope: string,
  linked: { action: string; scope: string },
) =>
  new AzureError(
    403,
    "LinkedAuthorizationFailed",
    `The client '${who.appId}' with object id '${who.objectId}' has permission to perform action '${action}' on scope ` +
      `'${scope}'; however, it does not have permission to perform action(s) '${linked.action}' on the linked ` +
      `scope(s) '${linked.scope}' (respectively) or the linked scope(s) are invalid.`,
  );

/** Every 401 names the authority that gives tokens. */
export const unauthenticated = (code: string, message: string, tenantId: string) =>
  new AzureError(401, code, message, {
    "www-authenticate":
      `Bearer authorization_uri="https://login.microsoftonline.com/${tenantId}", ` +
      `error="invalid_token", error_description="${message.replaceAll('"', "'")}"`,
  });
