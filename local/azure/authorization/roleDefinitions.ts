import { addedIn } from "../arm/knownFields.ts";
import * as z from "zod";
import { armErrors, AzureError, badRequest, notFound } from "../arm/errors.ts";
import { isWithin, lastName, sameId } from "../arm/resourceId.ts";
import { type ArmAnswer, type ArmRequest, listed, ok, type ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import type { StoredRoleDefinition } from "../store/state.ts";
import { mayDo } from "./access.ts";
import { definitionVersions, findRole, presentRole, typeOf } from "./roles.ts";

export const roleDefinitions: ResourceType = {
  type: "Microsoft.Authorization/roleDefinitions",
  apiVersions: definitionVersions,
  since: addedIn({
    "2018-01-01-preview": "properties.permissions.dataActions properties.permissions.notDataActions",
    "2022-04-01": "properties.createdBy properties.createdOn properties.updatedBy properties.updatedOn",
  }),
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
    return ok(presentRole(azure, role, target.scope));
  },
  list(azure, request) {
    const wanted = filterOf(request);
    const roles = Object.values(azure.state.roleDefinitions).filter((role) => wanted(role));
    return listed(roles.map((role) => presentRole(azure, role, request.target.scope)));
  },
};

/** Custom roles show at and below the scopes that they may be assigned at, built-in ones everywhere. */
function filterOf({ target, query }: ArmRequest): (role: StoredRoleDefinition) => boolean {
  const filter = query.get("$filter") ?? "";
  const known = /roleName eq '(?:[^']|'')*'|type eq '\w+'|atScopeAndBelow\(\)|\band\b|\s/gi;
  if (filter.replace(known, "") !== "") {
    throw badRequest("UnsupportedFilter", `The filter '${filter}' is not supported.`);
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

const GUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
const actions = z.array(z.string()).nullish();
const requested = z.object({
  properties: z.object({
    roleName: z.string().min(1).max(512),
    description: z.string().nullish(),
    assignableScopes: z.array(z.string()).min(1),
    permissions: z
      .array(z.object({ actions, notActions: actions, dataActions: actions, notDataActions: actions }))
      .max(1),
  }),
});

/** Makes or changes a custom role; both are answered with 201. */
function putRole(azure: Azure, request: ArmRequest): ArmAnswer {
  const name = lastName(request.target.id).toLowerCase();
  if (!GUID.test(name)) throw badRequest("InvalidRoleDefinitionId", `The role definition ID '${name}' is not a GUID.`);
  const parsed = requested.safeParse(request.body());
  if (!parsed.success) throw armErrors.InvalidRequestContent(z.prettifyError(parsed.error).replaceAll("\n", " "));
  const { roleName, description, assignableScopes, permissions } = parsed.data.properties;
  const before = findRole(azure, name);
  requireCustom(before);
  for (const scope of [...assignableScopes, ...(before?.assignableScopes ?? [])]) requireRight(azure, request, scope);
  requireUnique(azure, name, roleName);
  const scopes = assignableScopes.map((scope) => scope.replace(/\/$/, ""));
  if (scopes.some((scope) => !/^\/(subscriptions|providers\/Microsoft\.Management)\//i.test(scope))) {
    throw badRequest("InvalidAssignableScope", "The assignable scopes of a custom role must be below the root.");
  }
  const [permission] = permissions;
  const role: StoredRoleDefinition = {
    name,
    roleName,
    description: description ?? "",
    actions: permission?.actions ?? [],
    notActions: permission?.notActions ?? [],
    dataActions: permission?.dataActions ?? [],
    notDataActions: permission?.notDataActions ?? [],
    assignableScopes: scopes,
    builtIn: false,
    createdOn: before?.createdOn ?? azure.now,
    updatedOn: azure.now,
    createdBy: before?.createdBy ?? request.principal.objectId,
  };
  azure.state.roleDefinitions[name] = role;
  return { status: 201, body: presentRole(azure, role) };
}

function deleteRole(azure: Azure, request: ArmRequest): ArmAnswer {
  const role = findRole(azure, request.target.id);
  if (!role) return { status: 204 };
  requireCustom(role);
  for (const scope of role.assignableScopes) requireRight(azure, request, scope);
  if (Object.values(azure.state.roleAssignments).some((one) => sameId(one.roleDefinition, role.name))) {
    throw badRequest(
      "RoleDefinitionHasAssignments",
      `There are existing role assignments referencing role (code: ${role.name}).`,
    );
  }
  delete azure.state.roleDefinitions[role.name.toLowerCase()];
  return ok(presentRole(azure, role));
}

function requireCustom(role: StoredRoleDefinition | undefined): void {
  if (!role?.builtIn) return;
  throw badRequest(
    "CannotUpdateBuiltInRole",
    `The role definition '${role.roleName}' is built in and cannot be changed.`,
  );
}

/** Whoever writes a custom role needs the right to at every scope where it may be assigned. */
function requireRight(azure: Azure, { method, principal, target }: ArmRequest, scope: string): void {
  const action = `Microsoft.Authorization/roleDefinitions/${method === "DELETE" ? "delete" : "write"}`;
  if (mayDo(azure, principal.objectId, action, scope)) return;
  throw armErrors.LinkedAuthorizationFailed(principal, action, target.id, { action, scope });
}

function requireUnique(azure: Azure, name: string, roleName: string): void {
  const roles = Object.values(azure.state.roleDefinitions);
  if (roles.some((role) => !sameId(role.name, name) && sameId(role.roleName, roleName))) {
    throw new AzureError(
      409,
      "RoleDefinitionWithSameNameExists",
      `A custom role with the same name '${roleName}' already exists in this directory. Use a different name.`,
    );
  }
  const others = roles.filter((role) => !role.builtIn && !sameId(role.name, name)).length;
  if (others < azure.settings.roleDefinitionLimit) return;
  throw badRequest("RoleDefinitionLimitExceeded", "The limit of custom roles is reached for this directory.");
}
