import type { Principal } from "../entra/token.ts";
import { groupNameOf, nestedName } from "./resourceId.ts";

/** An answer that says no; each service puts it into an envelope of its own. */
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

type Said = { message: string; headers?: Record<string, string> } & ErrorMore;
type Texts = Record<string, (...about: never[]) => string | Said>;
type Factories<T extends Texts> = { [Code in keyof T]: (...about: Parameters<T[Code]>) => AzureError };

/**
 * A factory of each error, by its code.
 *
 * @param texts what each says of what it is about: its message, or that with more.
 * @param always what else each of them has in its envelope.
 */
export function errorsOf<T extends Texts>(status: number, texts: T, always: ErrorMore = {}): Factories<T> {
  const factories = Object.entries(texts).map(([code, text]) => [
    code,
    (...about: never[]) => {
      const said = text(...about);
      const { message, headers, ...more }: Said = typeof said === "string" ? { message: said } : said;
      return new AzureError(status, code, message, headers, { ...always, ...more });
    },
  ]);
  return Object.fromEntries(factories) as Factories<T>;
}

const clientOf = ({ appId, objectId }: Principal) => `The client '${appId}' with object id '${objectId}'`;

/** What ARM says no with, and providers alike. */
export const armErrors = {
  ...errorsOf(400, {
    InvalidRequestContent: (detail: string) =>
      `The request content was invalid and could not be deserialized: '${detail}'.`,
    /** @param target where, as `properties.subnets`. */
    InvalidRequestFormat: (code: string, target: string, message: string) => ({
      message: "Cannot parse the request.",
      details: [{ code, target, message }],
    }),
    InvalidRequestUri: (path: string) => `The request URI '${path}' is malformed.`,
    MissingApiVersionParameter: () => "The api-version query parameter (?api-version=) is required for all requests.",
    InvalidApiVersionParameter: (version: string, supported: readonly string[]) =>
      `The api-version '${version}' is invalid. The supported versions are '${supported.join(",")}'.`,
    NoRegisteredProviderFound: (
      type: string,
      version: string,
      location: string,
      supported: readonly string[],
      locations: readonly string[],
    ) =>
      `No registered resource provider found for location '${location}' and API version '${version}' for type ` +
      `'${type.slice(type.indexOf("/") + 1)}'. The supported api-versions are '${supported.join(", ")}'. ` +
      `The supported locations are '${locations.join(", ")}'.`,
    InvalidResourceType: (namespace: string, type: string, version: string) =>
      `The resource type '${type}' could not be found in the namespace '${namespace}' for api version '${version}'. ` +
      "The supported api-versions are ''.",
    InvalidSubscriptionId: (id: string) => `The provided subscription identifier '${id}' is malformed or invalid.`,
    LocationNotAvailableForResourceType: (location: string, type: string, available: readonly string[]) =>
      `The provided location '${location}' is not available for resource type '${type}'. ` +
      `List of available regions for the resource type is '${available.join(",")}'.`,
    LocationNotAvailableForResourceGroup: (location: string, available: readonly string[]) =>
      `The provided location '${location}' is not available for resource group. ` +
      `List of available regions is '${available.join(",")}'.`,
    LocationRequired: () => "The location property is required for this definition.",
    /** The code and the first text have been seen; that the others have that code too is likely and no more. */
    InvalidResourceGroup(name: string) {
      const invalid = [...new Set(name.match(/[^-\w.()\p{L}\p{N}]/gu))].join("");
      const problem = invalid
        ? `has these invalid characters: '${invalid}'. The name can only be a letter, digit, '-', '.', '(', ')' or '_'.`
        : name.length > 90
          ? "exceeds the maximum length of '90' characters."
          : "cannot end with a period.";
      return `The provided resource group name '${name}' ${problem}`;
    },
  }),

  ...errorsOf(403, {
    AuthorizationFailed: (who: Principal, action: string, scope: string, conditionNotMet: boolean) =>
      `${clientOf(who)} does not have authorization ` +
      `${conditionNotMet ? "or an ABAC condition not fulfilled " : ""}to perform action '${action}' over scope ` +
      `'${scope || "/"}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    LinkedAuthorizationFailed: (
      who: Principal,
      action: string,
      scope: string,
      linked: { action: string; scope: string },
    ) =>
      `${clientOf(who)} has permission to perform action '${action}' on scope ` +
      `'${scope}'; however, it does not have permission to perform action(s) '${linked.action}' on the linked ` +
      `scope(s) '${linked.scope}' (respectively) or the linked scope(s) are invalid.`,
  }),

  ...errorsOf(404, {
    InvalidResourceNamespace: (namespace: string) => `The resource namespace '${namespace}' is invalid.`,
    SubscriptionNotFound: (id: string) => `The subscription '${id}' could not be found.`,
    ResourceGroupNotFound: (name: string) => `Resource group '${name}' could not be found.`,
    ResourceNotFound: (type: string, id: string, names: string[]) =>
      `The Resource '${nestedName(type, names)}' under resource group '${groupNameOf(id)}' was not found. ` +
      "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    ParentResourceNotFound: (parent: string) =>
      "Failed to perform 'write' on resource(s) of this type, because the parent resource " +
      `'${parent}' could not be found.`,
    OperationNotFound: (guid: string) => `The operation '${guid}' could not be found.`,
    NotFound: (message: string) => message,
  }),

  ...errorsOf(405, {
    HttpMethodNotSupported: (method: string) => `The HTTP method '${method}' is not supported at the scope.`,
  }),

  ...errorsOf(409, {
    Conflict: (message: string) => message,
    InvalidResourceLocation: (name: string, location: string, group: string, asked: string) =>
      `The resource '${name}' already exists in location '${location}' in resource group '${group}'. ` +
      `A resource with the same name cannot be created in location '${asked}'. Please select a new resource name.`,
    InvalidResourceGroupLocation: (asked: string, location: string) =>
      `Invalid resource group location '${asked}'. The Resource group already exists in location '${location}'.`,
    ResourceGroupBeingDeleted: (name: string) =>
      `The resource group '${name}' is in deprovisioning state and cannot perform this operation.`,
    /** @param nested as `Microsoft.Compute/galleries/g/images/d`. */
    CannotDeleteResource: (nested: string[]) =>
      "Cannot delete resource while nested resources exist. Some existing nested resource IDs include: " +
      `'${nested.join(",")}'. Please delete all nested resources before deleting this resource.`,
    AnotherOperationInProgress: (id: string) =>
      `Another operation on this or dependent resource is in progress: ${id} is being deleted.`,
    MissingSubscriptionRegistration(namespace: string) {
      const message =
        `The subscription is not registered to use namespace '${namespace}'. ` +
        "See https://aka.ms/rps-not-found for how to register subscriptions.";
      return { message, details: [{ code: "MissingSubscriptionRegistration", target: namespace, message }] };
    },
  }),

  ...errorsOf(412, {
    PreconditionFailed: (sent: string, actual: string, id: string) => ({
      message: `Etag provided in if-match header ${sent} does not match etag ${actual} of resource ${id} in NRP data store.`,
      details: [],
    }),
  }),

  ...errorsOf(413, {
    RequestContentTooLarge: () => "The request content size exceeds the maximum size of '4 MB'.",
  }),
  ...errorsOf(415, {
    UnsupportedMediaType: (type: string) =>
      `The content media type '${type}' is not supported. Only 'application/json' is supported.`,
  }),
  ...errorsOf(429, {
    SubscriptionRequestsThrottled: (seconds: number) => ({
      message: `Number of requests for the subscription exceeded the limit. Please try again after '${seconds}' seconds.`,
      headers: { "retry-after": String(seconds) },
    }),
  }),
};

/** Of many codes there is one text in one place: these are told both. */
export const badRequest = (code: string, message: string) => new AzureError(400, code, message);
export const notFound = (code: string, message: string) => new AzureError(404, code, message);

export const invalidQuery = (parameter: string, value: string) =>
  badRequest(
    `Invalid${parameter.replace("$", "").replace(/^./, (first) => first.toUpperCase())}InQueryString`,
    `Invalid ${parameter} '${value}' specified in the query string.`,
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
    `${clientOf(who)} cannot perform action '${action}' over scope '${scope}': ` +
      `access is blocked by deny assignments with id '${by.id}' at scope '${by.scope}'.`,
  );

/** Every 401 names the authority that gives tokens. */
export const unauthenticated = (code: string, message: string, tenantId: string) =>
  new AzureError(401, code, message, {
    "www-authenticate":
      `Bearer authorization_uri="https://login.microsoftonline.com/${tenantId}", ` +
      `error="invalid_token", error_description="${message.replaceAll('"', "'")}"`,
  });
