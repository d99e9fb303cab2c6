import { createHash } from "node:crypto";
import { accessOf } from "../authorization/access.ts";
import { type Azure, newGuid } from "../azure.ts";
import { lookUp } from "../store/lookUp.ts";
import type { StoredOperation } from "../store/state.ts";
import { armErrors } from "./errors.ts";
import type { ArmRequest } from "./resourceType.ts";

/** @param about what it is for, in its GUID; `resource` where its `Location` answers that in the end. */
export function beginOperation(
  azure: Azure,
  about: string,
  { id, ...known }: { id: string; location: string; resource?: string },
): StoredOperation {
  const guid = newGuid(azure, about, id);
  return (azure.state.operations[guid] = { guid, ...known, status: "InProgress", startTime: azure.now });
}

/** Does nothing where it has been forgotten. */
export function endOperation(
  { state, now }: Azure,
  guid: string,
  status: "Succeeded" | "Failed" | "Canceled",
  error?: StoredOperation["error"],
): void {
  const operation = state.operations[guid];
  if (operation) Object.assign(operation, { status, endTime: now }, error ? { error } : {});
}

/** @throws AzureError 404 where there is none, or none any more. */
export function existingOperation({ state }: Azure, guid: string): StoredOperation {
  const operation = lookUp(state.operations, guid.toLowerCase());
  if (operation) return operation;
  throw armErrors.OperationNotFound(guid);
}

/**
 * The URL under which a provider tells of an operation. Thousands of characters long: ARM signs it, with the whole of
 * its certificate beside the signature.
 *
 * @param type `Microsoft.Network/locations/operations`
 */
export function operationUrl(
  azure: Azure,
  type: string,
  { guid, location, startTime }: StoredOperation,
  query: Record<string, string>,
): string {
  const [namespace, locations, operations] = type.split("/");
  const path = `/subscriptions/${azure.landscape.subscriptionId}/providers/${namespace}/${locations}/${location}/${operations}/${guid}`;
  const ticks = `${startTime}0000`;
  const c = azure.random.bytes(1950, "certificate").toString("base64url");
  const signed = { ...query, t: ticks, c, s: signature(azure, guid, ticks), h: digest(guid) };
  return `${azure.origin}${path}?${new URLSearchParams(signed).toString()}`;
}

const signature = (azure: Azure, guid: string, ticks: string) =>
  azure.random.bytes(512, "operation signature", guid, ticks).toString("base64url");
const digest = (guid: string) => createHash("sha256").update(guid).digest("base64url");

/**
 * Whoever was given the signed URL may read it; anybody else needs the right to.
 *
 * @returns the GUID of the operation.
 * @throws AzureError 403.
 */
export function requireSignatureOrRight(azure: Azure, { query, principal, target }: ArmRequest, type: string): string {
  const guid = target.names[1]?.toLowerCase() ?? "";
  if (query.get("s") === signature(azure, guid, query.get("t") ?? "")) return guid;
  const action = `${type}/read`;
  const access = accessOf(azure, { principalId: principal.objectId, action, scope: target.id });
  if (access.kind !== "allowed") throw armErrors.AuthorizationFailed(principal, action, target.id, false);
  return guid;
}
