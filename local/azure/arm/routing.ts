import type { Azure } from "../azure.ts";
import type { HttpRequest } from "../server/http.ts";
import { registrationOf } from "../resources/registrations.ts";
import { requireRequestAllowed } from "../authorization/policy/requireAllowed.ts";
import { findResource } from "../store/resources.ts";
import { authorize } from "./authorize.ts";
import { armErrors } from "./errors.ts";
import { paged, requireExpand } from "./query.ts";
import {
  deleteResource,
  getResource,
  headResource,
  listResources,
  patchResource,
  putResource,
} from "./genericVerbs.ts";
import { existing } from "./genericResources.ts";
import { isDeleting } from "./longRunning.ts";
import { isShown } from "./present.ts";
import { regionName, regions } from "./regions.ts";
import { groupIdOf, type Target } from "./resourceId.ts";
import type { ArmAnswer, ArmRequest, ResourceType } from "./resourceType.ts";

/** What the paths of ARM begin with. */
const ROOTS = /^\/(subscriptions|providers|tenants)(\/|$)/i;
const GUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

interface Route {
  type: ResourceType;
  apiVersion: string;
  /** Without the name of an action. */
  target: Target;
  /** Of a POST. */
  action?: string;
}

/** @throws AzureError where version, namespace, type or subscription is none that is known. */
export function typeOf(azure: Azure, { method, query }: HttpRequest, target: Target): Route {
  if (!ROOTS.test(target.id)) throw armErrors.NotFound(`The requested path '${target.id}' was not found.`);
  const apiVersion = [...query].find(([name]) => name.toLowerCase() === "api-version")?.[1];
  if (!apiVersion) throw armErrors.MissingApiVersionParameter();
  if (!azure.resourceTypes.hasNamespace(target.namespace)) throw armErrors.InvalidResourceNamespace(target.namespace);
  const whole = azure.resourceTypes.find([target.namespace, ...target.types].join("/"));
  const posted = method === "POST" && target.types.length > target.names.length && !whole?.post;
  const types = posted ? target.types.slice(0, -1) : target.types;
  const type = posted ? azure.resourceTypes.find([target.namespace, ...types].join("/")) : whole;
  if (!type) throw armErrors.InvalidResourceType(target.namespace, types.join("/"), apiVersion);
  if (!type.apiVersions.includes(apiVersion)) {
    const ofArm = /^Microsoft\.(Resources|Authorization)\//.test(type.type);
    if (ofArm) throw armErrors.InvalidApiVersionParameter(apiVersion, type.apiVersions);
    const group = findResource(azure, groupIdOf(target.id))?.body.location;
    const location = typeof group === "string" ? group : "global";
    throw armErrors.NoRegisteredProviderFound(
      type.type,
      apiVersion,
      location,
      type.apiVersions,
      type.locations ?? regions,
    );
  }
  requireSubscription(azure, target);
  requireRegion(type, target, apiVersion);
  const action = posted ? target.types.at(-1) : undefined;
  if (!action) return { type, apiVersion, target };
  const id = target.id.slice(0, target.id.lastIndexOf("/"));
  return { type, apiVersion, action, target: { ...target, id, types } };
}

/** A provider answers under the name of a region only where it is. */
function requireRegion({ type, apiVersions }: ResourceType, { types, names }: Target, apiVersion: string): void {
  const [region] = names;
  if (types[0]?.toLowerCase() !== "locations" || region === undefined || regions.includes(regionName(region))) return;
  throw armErrors.NoRegisteredProviderFound(type, apiVersion, region, apiVersions, regions);
}

function requireSubscription({ landscape }: Azure, { subscriptionId }: Target): void {
  if (subscriptionId === undefined) return;
  if (!GUID.test(subscriptionId)) throw armErrors.InvalidSubscriptionId(subscriptionId);
  if (subscriptionId.toLowerCase() !== landscape.subscriptionId) throw armErrors.SubscriptionNotFound(subscriptionId);
}

/** Finds who serves a request, checks the caller's rights, and lets it be served. */
export function dispatch(azure: Azure, type: ResourceType, request: ArmRequest, action?: string): ArmAnswer {
  const serve = handlerOf(type, request, action);
  if (!serve) throw armErrors.HttpMethodNotSupported(request.method);
  if (!azure.settings.rightsBeforeExistence) requireThere(azure, type, request);
  if (!type.authorizesItself && !type.opens?.(azure, request)) authorize(azure, type, request, action);
  if (request.method === "GET") {
    requireExpand(type, request);
    requireSeen(azure, type, request);
    return paged(azure, type, request, serve(azure, request));
  }
  if (request.method !== "HEAD") requireOpen(azure, request);
  if (["PUT", "PATCH"].includes(request.method) && !type.extension) requireRequestAllowed(azure, type, request);
  return serve(azure, request);
}

/** Nothing is written under a provider that is not registered, nor in a group that is going. */
function requireOpen(azure: Azure, { method, target }: ArmRequest): void {
  if (registrationOf(azure, target.namespace) !== "Registered")
    throw armErrors.MissingSubscriptionRegistration(target.namespace);
  const group = target.resourceGroup && findResource(azure, groupIdOf(target.id));
  if (group && isDeleting(group) && method !== "DELETE") throw armErrors.ResourceGroupBeingDeleted(group.name);
}

/** @throws AzureError 404 where the generic store has nothing of that name to read. */
function requireThere(azure: Azure, type: ResourceType, request: ArmRequest): void {
  const { types, names } = request.target;
  if (request.method === "GET" && !type.get && types.length === names.length) existing(azure, type, request);
}

/** @throws AzureError 404 where this GET comes too soon. */
function requireSeen(azure: Azure, { type }: ResourceType, { target }: ArmRequest): void {
  const resource = findResource(azure, target.id);
  if (!resource || isShown(azure, resource)) return;
  throw armErrors.ResourceNotFound(type, target.id, target.names);
}

type Serve = (azure: Azure, request: ArmRequest) => ArmAnswer;

function handlerOf(type: ResourceType, { method, target }: ArmRequest, action?: string): Serve | undefined {
  const generic = (serve: (azure: Azure, type: ResourceType, request: ArmRequest) => ArmAnswer): Serve => {
    return (azure, request) => serve(azure, type, request);
  };
  const collection = target.types.length > target.names.length;
  // Types that do something themselves for what is asked are not served by the store as well.
  const ownOnly = type.readOnly || type.extension;
  const write = ownOnly ? () => undefined : generic;
  switch (method) {
    case "GET":
      if (collection) return type.list ?? (type.get ? undefined : generic(listResources));
      return type.get ?? (type.list && ownOnly ? undefined : generic(getResource));
    case "HEAD":
      return collection || ownOnly ? undefined : generic(headResource);
    case "PUT":
      return collection ? undefined : (type.put ?? write(putResource));
    case "PATCH":
      return collection ? undefined : (type.patch ?? (type.tracked ? write(patchResource) : undefined));
    case "DELETE":
      return collection ? undefined : (type.delete ?? write(deleteResource));
    case "POST":
      if (type.post) return type.post;
      return Object.entries(type.actions ?? {}).find(([name]) => name.toLowerCase() === action?.toLowerCase())?.[1];
    default:
      return undefined;
  }
}
