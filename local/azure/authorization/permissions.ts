import { requireScope } from "../arm/parents.ts";
import { isWithin, sameId } from "../arm/resourceId.ts";
import { listed, type ResourceType } from "../arm/resourceType.ts";
import { effectiveAssignments } from "./access.ts";
import { definitionVersions, findRole } from "./roles.ts";

/**
 * What the caller may do at a group or a resource: the permissions of every role that is assigned to it there or above,
 * as far as the assignment has propagated. Version 2022-04-01 says nothing of conditions.
 */
export const permissions: ResourceType = {
  type: "Microsoft.Authorization/permissions",
  apiVersions: definitionVersions,
  readOnly: true,
  extension: true,
  list(azure, { target, principal }) {
    requireScope(azure, target.scope);
    const roles = effectiveAssignments(azure)
      .filter(({ principalId, scope }) => sameId(principalId, principal.objectId) && isWithin(scope, target.scope))
      .flatMap(({ roleDefinition }) => findRole(azure, roleDefinition) ?? []);
    const value = roles.map(({ actions, notActions, dataActions, notDataActions }) => ({
      actions,
      notActions,
      dataActions: dataActions ?? [],
      notDataActions: notDataActions ?? [],
    }));
    return listed(value);
  },
};
