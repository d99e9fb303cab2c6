import { type Access, accessOf } from "../authorization/access.ts";
import type { Azure } from "../azure.ts";
import type { Principal } from "../entra/token.ts";
import { armErrors, blockedByDenyAssignment } from "./errors.ts";
import { parentId } from "./resourceId.ts";
import type { ArmRequest, ResourceType } from "./resourceType.ts";

const VERBS: Record<string, string> = { GET: "read", HEAD: "read", PUT: "write", PATCH: "write", DELETE: "delete" };

/**
 * Holds a request against the caller's roles. This comes before any look at whether the thing exists: who may not see
 * it is not told.
 *
 * @param action of a POST, its name.
 * @throws AzureError 403.
 */
export function authorize(azure: Azure, type: ResourceType, request: ArmRequest, action?: string): void {
  const verb = action ? `${action}/action` : (VERBS[request.method] ?? "read");
  const { target } = request;
  const collection = target.types.length > target.names.length;
  const scope = collection ? parentId(target) : target.id;
  const operation = `${type.type}/${verb}`;
  const writes = request.method === "PUT" || request.method === "DELETE";
  const attributes = writes ? type.attributes?.(azure, request) : undefined;
  const attempt = { principalId: request.principal.objectId, action: operation, scope };
  const access = accessOf(azure, { ...attempt, ...(attributes ? { attributes } : {}) });
  if (access.kind === "forbidden") {
    throw blockedByDenyAssignment(azure.settings.denyAssignmentCode, request.principal, operation, scope, access.by);
  }
  if (access.kind === "allowed" || mayDeleteNothing(azure, request, attributes, access, attempt)) return;
  throw armErrors.AuthorizationFailed(request.principal, operation, scope, access.conditionNotMet);
}

/** @throws AzureError 403 where a principal may not do something that is not of the type it asks. */
export function requireRight(azure: Azure, principal: Principal, action: string, scope: string): void {
  const access = accessOf(azure, { principalId: principal.objectId, action, scope });
  if (access.kind === "allowed") return;
  throw armErrors.AuthorizationFailed(principal, action, scope, access.kind === "denied" && access.conditionNotMet);
}

/** Of an assignment that is not there a condition can know nothing; a setting says what then. */
function mayDeleteNothing(
  azure: Azure,
  request: ArmRequest,
  attributes: { resource?: Record<string, string | undefined> } | undefined,
  access: Access & { kind: "denied" },
  attempt: { principalId: string; action: string; scope: string },
): boolean {
  if (request.method !== "DELETE" || !access.conditionNotMet) return false;
  if (azure.settings.conditionOnAbsentAssignment !== "ignored") return false;
  const absent = Object.values(attributes?.resource ?? {}).every((value) => value === undefined);
  return absent && accessOf(azure, { ...attempt, ignoreConditions: true }).kind === "allowed";
}
