import { AzureError, notFound } from "../arm/errors.ts";
import type { ArmRequest, ResourceType } from "../arm/resourceType.ts";
import { isWithin, lastName } from "../arm/resourceId.ts";
import type { StoredRoleDefinition } from "../store/state.ts";
import { definitionVersions } from "./apiVersions.ts";
import { deleteRole, putRole } from "./roleDefinitionWrites.ts";
import { findRole, presentRole, typeOf } from "./roles.ts";

export const roleDefinitions: ResourceType = {
  type: "Microsoft.Authorization/roleDefinitions",
  apiVersions: definitionVersions,
  since: {
    "properties.permissions.dataActions": "2018-01-01-preview",
    "properties.permissions.notDataActions": "2018-01-01-preview",
    "properties.createdBy": "2022-04-01",
    "properties.createdOn": "2022-04-01",
    "properties.updatedBy": "2022-04-01",
    "properties.updatedOn": "2022-04-01",
  },
  extension: true,
  // Of the whole tenant are the built-in roles.
  opens: (azure, { method, target }) =>
    method === "GET" &&
    target.scope === "" &&
    (target.names.length === 0 || findRole(azure, target.id)?.builtIn !== false),
  put: putRole,
  delete: deleteRole,
  get(azure, { target }) {
    const role = findRole(azure, target.id);
    if (!role) {
      throw notFound(
        "RoleDefinitionDoesNotExist",
        `The specified role definition with ID '${lastName(target.id)}' does not exist.`,
      );
    }
    return { status: 200, body: presentRole(azure, role, target.scope) };
  },
  list(azure, request) {
    const wanted = filterOf(request);
    const roles = Object.values(azure.state.roleDefinitions).filter((role) => wanted(role));
    return { status: 200, body: { value: roles.map((role) => presentRole(azure, role, request.target.scope)) } };
  },
};

/** Custom roles show at and below the scopes that they may be assigned at, built-in ones everywhere. */
function filterOf({ target, query }: ArmRequest): (role: StoredRoleDefinition) => boolean {
  const filter = query.get("$filter") ?? "";
  const known = /roleName eq '(?:[^']|'')*'|type eq '\w+'|atScopeAndBelow\(\)|\band\b|\s/gi;
  if (filter.replace(known, "") !== "") {
    throw new AzureError(400, "UnsupportedFilter", `The filter '${filter}' is not supported.`);
  }
  const name = /roleName eq '((?:[^']|'')*)'/i.exec(filter)?.[1]?.replaceAll("''", "'");
  const type = /type eq '(\w+)'/i.exec(filter)?.[1];
  const below = /atScopeAndBelow\(\)/i.test(filter);
  return (role) =>
    (name === undefined || role.roleName.toLowerCase() === name.toLowerCase()) &&
    (type === undefined || typeOf(role).toLowerCase() === type.toLowerCase()) &&
    role.assignableScopes.some(
      (scope) => scope === "/" || isWithin(scope, target.scope) || (below && isWithin(target.scope, scope)),
    );
}
