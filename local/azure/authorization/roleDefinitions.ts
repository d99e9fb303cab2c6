import type { Landscape } from "../../landscape.ts";
import { notFound } from "../arm/errors.ts";
import type { ArmRequest, ResourceType } from "../arm/resourceType.ts";
import { isWithin, lastName } from "../arm/resourceId.ts";
import type { Azure } from "../azure.ts";
import type { Json, State } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";
import { builtInRoles } from "./builtInRoles.ts";

type StoredRoleDefinition = State["roleDefinitions"][string];

export function rolesOf(landscape: Landscape): State["roleDefinitions"] {
  const builtIn = builtInRoles.map((role) => ({
    ...role,
    notActions: role.notActions ?? [],
    assignableScopes: ["/"],
    builtIn: true,
  }));
  const custom = landscape.roleDefinitions.map((role) => ({ ...role, notActions: [], builtIn: false }));
  return Object.fromEntries([...builtIn, ...custom].map((role) => [role.name.toLowerCase(), role]));
}

/** By a bare GUID, or an id that ends in one. */
export function findRole(azure: Azure, id: string): StoredRoleDefinition | undefined {
  return azure.state.roleDefinitions[lastName(id).toLowerCase()];
}

export function roleDefinitionId(azure: Azure, guid: string): string {
  return `/subscriptions/${azure.landscape.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
}

export const roleDefinitions: ResourceType = {
  type: "Microsoft.Authorization/roleDefinitions",
  apiVersions,
  readOnly: true,
  extension: true,
  get(azure, { target }) {
    const role = findRole(azure, target.id);
    if (!role) {
      throw notFound(
        "RoleDefinitionDoesNotExist",
        `The specified role definition with ID '${lastName(target.id)}' does not exist.`,
      );
    }
    return { status: 200, body: present(azure, role) };
  },
  list(azure, request) {
    const wanted = filterOf(request);
    const roles = Object.values(azure.state.roleDefinitions).filter((role) => wanted(role));
    return { status: 200, body: { value: roles.map((role) => present(azure, role)) } };
  },
};

/** Custom roles show at and below the scopes that they may be assigned at, built-in ones everywhere. */
function filterOf({ target, query }: ArmRequest): (role: StoredRoleDefinition) => boolean {
  const filter = query.get("$filter") ?? "";
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

const typeOf = ({ builtIn }: StoredRoleDefinition) => (builtIn ? "BuiltInRole" : "CustomRole");

function present(azure: Azure, role: StoredRoleDefinition): Json {
  return {
    properties: {
      roleName: role.roleName,
      type: typeOf(role),
      description: role.description,
      assignableScopes: role.assignableScopes,
      permissions: [
        {
          actions: role.actions,
          notActions: role.notActions,
          dataActions: role.dataActions ?? [],
          notDataActions: [],
        },
      ],
      createdOn: "2015-02-02T21:55:09.8806423Z",
      updatedOn: "2021-11-11T20:13:28.6061853Z",
      createdBy: null,
      updatedBy: null,
    },
    id: roleDefinitionId(azure, role.name),
    type: "Microsoft.Authorization/roleDefinitions",
    name: role.name,
  };
}
