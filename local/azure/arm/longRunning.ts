import type { Azure } from "../azure.ts";
import { findResource, removeResource } from "../store/resources.ts";
import type { Json, StoredOperation, StoredResource } from "../store/state.ts";
import { schedule, scheduleWithin, type TransitionTable } from "../store/transitions.ts";
import { childrenOf } from "./inlineChildren.ts";
import { renewEtag } from "./etag.ts";
import {
  beginOperation,
  endOperation,
  existingOperation,
  operationUrl,
  requireSignatureOrRight,
} from "./operations.ts";
import { presentResource } from "./present.ts";
import { outermost } from "./parents.ts";
import { type ArmAnswer, type ArmRequest, type LongRunning, ok, type ResourceType } from "./resourceType.ts";

/** Answers a PUT or PATCH of what has just been stored; it is Succeeded after a while. */
export function beginWrite(
  azure: Azure,
  type: ResourceType & { longRunning: LongRunning },
  request: ArmRequest,
  resource: StoredResource,
  change: "made" | "changed",
): ArmAnswer {
  const { created, creating, status } = type.longRunning;
  const operation = begin(azure, "write", resource);
  const usual = azure.random.milliseconds(azure.settings.writeSeconds, "write", operation.guid);
  const delay = type.writeTakes?.(azure, resource, usual) ?? usual;
  schedule(azure, delay, { kind: "write-finished", id: resource.id, operation: operation.guid });
  setState(azure, resource, change === "made" ? creating : "Updating");
  const headers = operationHeaders(azure, type.longRunning, operation, request.apiVersion);
  if (change === "changed") return { status: 200, body: presentResource(azure, resource), headers };
  if (created === 202 && !status) return { status: 202, headers };
  return { status: created, body: presentResource(azure, resource), headers };
}

export function beginDeletion(
  azure: Azure,
  style: LongRunning,
  request: ArmRequest,
  resource: StoredResource,
): ArmAnswer {
  const operation = begin(azure, "deletion", resource);
  const end = { kind: "deletion-finished", id: resource.id, operation: operation.guid };
  scheduleWithin(azure, azure.settings.deletionSeconds, "deletion", end);
  setState(azure, resource, "Deleting");
  return { status: 202, headers: operationHeaders(azure, style, operation, request.apiVersion, "deletion") };
}

function begin(azure: Azure, kind: "write" | "deletion", resource: StoredResource): StoredOperation {
  const { id } = resource;
  const location = outermost(azure, resource).body.location as string;
  return beginOperation(azure, kind, { id, location, ...(kind === "write" ? { resource: id } : {}) });
}

/** `Azure-AsyncOperation` for a write, and `Location` besides for a deletion, as in recordings of both providers. */
function operationHeaders(
  azure: Azure,
  { status, results, headers }: LongRunning,
  operation: StoredOperation,
  apiVersion: string,
  kind?: "deletion",
): Record<string, string> {
  const version = { "api-version": apiVersion };
  // Where one path tells both, it tells the result to who asks for that.
  const monitor = !status || status === results ? { monitor: "true" } : {};
  const location = () => operationUrl(azure, results, operation, { ...monitor, ...version });
  return {
    ...headers,
    ...(status ? { "azure-asyncoperation": operationUrl(azure, status, operation, version) } : {}),
    ...(kind === "deletion" || !status ? { location: location() } : {}),
    "x-ms-request-id": operation.guid,
  };
}

/** Of a resource, and of the children that its body shows. */
function setState(azure: Azure, resource: StoredResource, state: string): void {
  for (const { body } of [resource, ...childrenOf(azure, resource)]) {
    const properties = body.properties as Json;
    if (properties.provisioningState !== undefined) properties.provisioningState = state;
  }
}

export const writeTransitions: TransitionTable = {
  "write-finished"(azure, { id, operation }) {
    endOperation(azure, operation, "Succeeded");
    const resource = findResource(azure, id);
    const again = azure.state.transitions.some((other) => other.kind === "write-finished" && other.id === id);
    if (!resource || again || isDeleting(resource)) return;
    setState(azure, resource, "Succeeded");
    renewEtag(azure, resource);
  },
  "deletion-finished"(azure, { id, operation }) {
    endOperation(azure, operation, "Succeeded");
    const resource = findResource(azure, id);
    if (!resource || !isDeleting(resource)) return;
    renewEtag(azure, resource);
    removeResource(azure, id);
  },
};

export function isDeleting({ body }: StoredResource): boolean {
  return (body.properties as Json).provisioningState === "Deleting";
}

/** The URLs that a provider's operations are told of under. */
export function operationTypes(style: LongRunning, apiVersions: readonly string[]): ResourceType[] {
  const shared = { apiVersions, readOnly: true, authorizesItself: true };
  const results: ResourceType = { type: style.results, ...shared, get: (...asked) => result(style, ...asked) };
  const { status } = style;
  if (!status) return [results];
  const told: ResourceType = {
    type: status,
    ...shared,
    get: (azure, request) =>
      request.query.has("monitor") ? result(style, azure, request) : statusOf(status, azure, request),
  };
  return status === style.results ? [told] : [told, results];
}

function statusOf(type: string, azure: Azure, request: ArmRequest): ArmAnswer {
  const { guid, status, startTime, endTime } = existingOperation(azure, requireSignatureOrRight(azure, request, type));
  // Microsoft.Network tells the status and nothing else; Microsoft.Compute tells when, too.
  if (type.startsWith("Microsoft.Network/")) return ok({ status });
  const ended = endTime === undefined ? {} : { endTime: offsetTime(endTime) };
  return ok({ startTime: offsetTime(startTime), ...ended, status, name: guid });
}

/** 202 until the end; then what a write made, or nothing. */
function result(style: LongRunning, azure: Azure, request: ArmRequest): ArmAnswer {
  const operation = existingOperation(azure, requireSignatureOrRight(azure, request, style.results));
  const headers = operationHeaders(azure, style, operation, request.apiVersion, "deletion");
  if (operation.status === "InProgress") return { status: 202, headers };
  const made = operation.resource && findResource(azure, operation.resource);
  return made ? { status: 200, body: presentResource(azure, made) } : { status: 204 };
}

/** `2026-04-06T05:33:28.9716706+00:00` */
const offsetTime = (milliseconds: number) => new Date(milliseconds).toISOString().replace("Z", "0000+00:00");
