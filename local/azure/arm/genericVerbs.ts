import { mayDo } from "../authorization/access.ts";
import type { Azure } from "../azure.ts";
import { findResource, removeResource, resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { canonicalId, requireParent } from "./parents.ts";
import { armErrors } from "./errors.ts";
import { renewEtag, requireMatch } from "./etag.ts";
import { checkedBody, existing, isObject, store } from "./genericResources.ts";
import { beginDeletion, beginWrite, isDeleting } from "./longRunning.ts";
import { requireIdentities } from "./identities.ts";
import { isShown, presentedId, presentResource } from "./present.ts";
import { groupNameOf, isWithin, nestedName, parentId, parseId, sameId } from "./resourceId.ts";
import { type ArmAnswer, type ArmRequest, listed, type LongRunning, ok, type ResourceType } from "./resourceType.ts";

/** What ARM and a resource provider do alike for every type: keep what is PUT, give it back, list it, remove it. */

export function getResource(azure: Azure, type: ResourceType, request: ArmRequest): ArmAnswer {
  return ok(presentResource(azure, existing(azure, type, request), request.query));
}

export function listResources(azure: Azure, type: ResourceType, request: ArmRequest): ArmAnswer {
  requireParent(azure, request.target);
  const value = resourcesOfType(azure, type.type, parentId(request.target))
    .filter((resource) => isShown(azure, resource))
    .map((resource) => presentResource(azure, resource, request.query));
  return listed(value);
}

export function putResource(azure: Azure, type: ResourceType, request: ArmRequest): ArmAnswer {
  const { target } = request;
  const body = checkedBody(type, request.body());
  requireParent(azure, target);
  requireIdentities(azure, type, request);
  requireJoins(azure, type, request, body);
  const before = findResource(azure, target.id);
  if (before) requireChangeable(azure, type, request, before, body);
  const resource = store(azure, type, before?.id ?? canonicalId(azure, type, target), body, before, request.apiVersion);
  return answerWrite(azure, type, request, resource, before ? "changed" : "made");
}

/** Only whether it is there. */
export function headResource(azure: Azure, _type: ResourceType, { target }: ArmRequest): ArmAnswer {
  return { status: findResource(azure, target.id) ? 204 : 404 };
}

/** Changes the tags, all that a PATCH changes of every tracked type; of some it merges the properties as well. */
export function patchResource(azure: Azure, type: ResourceType, request: ArmRequest): ArmAnswer {
  const before = existing(azure, type, request);
  const { tags, properties } = request.body();
  const changed: Json = { ...before.body, ...(tags === undefined ? {} : { tags: tags ?? {} }) };
  if (type.patchesProperties && isObject(properties)) {
    changed.properties = merged(before.body.properties, properties);
  }
  const body = checkedBody(type, changed);
  requireChangeable(azure, type, request, before, body);
  const resource = store(azure, type, before.id, body, before, request.apiVersion);
  if (type.patchesProperties) return answerWrite(azure, type, request, resource, "changed");
  return ok(presentResource(azure, resource));
}

/** What a PATCH does not name stays, however deep; lists are taken whole. */
function merged(before: unknown, change: unknown): unknown {
  if (!isObject(before) || !isObject(change)) return change;
  const changed = Object.entries(change).map(([name, value]) => [name, merged(before[name], value)]);
  return { ...before, ...(Object.fromEntries(changed) as Json) };
}

export function deleteResource(azure: Azure, type: ResourceType, request: ArmRequest): ArmAnswer {
  const resource = findResource(azure, request.target.id);
  if (!resource) return { status: 204 };
  if (type.etag) requireMatch(azure, request, resource);
  if (type.childrenFirst) requireNoChildren(azure, resource);
  type.requireUnused?.(azure, resource);
  if (type.longRunning?.deletes) return beginDeletion(azure, type.longRunning, request, resource);
  removeResource(azure, resource.id);
  renewEtag(azure, resource);
  return { status: 200 };
}

function requireChangeable(
  azure: Azure,
  type: ResourceType,
  request: ArmRequest,
  before: StoredResource,
  body: Json,
): void {
  if (type.etag) requireMatch(azure, request, before);
  if (isDeleting(before)) throw armErrors.AnotherOperationInProgress(before.id);
  const [was, asked] = [String(before.body.location), String(body.location)];
  if (type.tracked && !sameId(was, asked)) {
    throw armErrors.InvalidResourceLocation(before.name, was, groupNameOf(before.id), asked);
  }
}

/** Who puts something into a subnet, say, needs the right to on that subnet as well. */
function requireJoins(azure: Azure, type: ResourceType, { target, principal }: ArmRequest, body: Json): void {
  for (const scope of type.joins?.((body.properties ?? {}) as Json) ?? []) {
    const { namespace, types } = parseId(scope);
    const action = `${[namespace, ...types].join("/")}/join/action`;
    if (mayDo(azure, principal.objectId, action, scope)) continue;
    throw armErrors.LinkedAuthorizationFailed(principal, `${type.type}/write`, target.id, { action, scope });
  }
}

function requireNoChildren(azure: Azure, resource: StoredResource): void {
  const children = Object.values(azure.state.resources).filter(
    ({ id }) => isWithin(resource.id, id) && !sameId(resource.id, id),
  );
  if (children.length === 0) return;
  throw armErrors.CannotDeleteResource(children.map(({ id, type }) => nestedName(type, parseId(id).names)));
}

function answerWrite(
  azure: Azure,
  type: ResourceType,
  request: ArmRequest,
  resource: StoredResource,
  change: "made" | "changed",
): ArmAnswer {
  if (isLongRunning(type) && (change === "made" || type.longRunning.status))
    return beginWrite(azure, type, request, resource, change);
  const headers = change === "made" && type.locatesNew ? { location: presentedId(type, resource) } : {};
  return { status: change === "made" ? 201 : 200, body: presentResource(azure, resource, request.query), headers };
}

const isLongRunning = (type: ResourceType): type is ResourceType & { longRunning: LongRunning } =>
  type.longRunning !== undefined;
