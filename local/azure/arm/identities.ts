import { mayDo } from "../authorization/access.ts";
import type { Azure } from "../azure.ts";
import { findIdentity } from "../managedIdentity/userAssignedIdentities.ts";
import { armErrors, badRequest } from "./errors.ts";
import { isObject } from "./genericResources.ts";
import type { ArmRequest, ResourceType } from "./resourceType.ts";

const ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";

/**
 * ARM's own check: whoever gives a resource an identity must be allowed to hand that identity out.
 *
 * @throws AzureError where the caller may not, or there is no such identity.
 */
export function requireIdentities(azure: Azure, { type }: ResourceType, request: ArmRequest): void {
  const { principal, target } = request;
  const { identity } = request.body();
  const asked = isObject(identity) && isObject(identity.userAssignedIdentities) ? identity.userAssignedIdentities : {};
  const ids = Object.keys(asked).filter((id) => asked[id] !== null);
  const scope = ids.find((id) => !mayDo(azure, principal.objectId, ASSIGN, id));
  if (scope !== undefined) {
    throw armErrors.LinkedAuthorizationFailed(principal, `${type}/write`, target.id, { action: ASSIGN, scope });
  }
  const missing = ids.find((id) => !findIdentity(azure, id));
  if (missing === undefined) return;
  throw badRequest(
    "FailedIdentityOperation",
    `Identity operation for resource '${target.id}' failed with error 'Failed to perform resource identity operation. ` +
      `Status: 'BadRequest'. Response: '{"error":{"code":"BadRequest","message":"Resource '${missing}' was not found."}}'.'.`,
  );
}
