import type { Landscape } from "../../landscape.ts";
import { lastName } from "../arm/resourceId.ts";
import type { Azure } from "../azure.ts";
import { lookUp } from "../store/lookUp.ts";
import type { Json, State, StoredRoleDefinition } from "../store/state.ts";
import { builtInRoles } from "./builtInRoles.ts";

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
  return lookUp(azure.state.roleDefinitions, lastName(id).toLowerCase());
}

const ofSubscription = ({ landscape }: Azure) => `/subscriptions/${landscape.subscriptionId}`;

export function roleDefinitionId(azure: Azure, guid: string): string {
  return `${ofSubscription(azure)}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
}

export const typeOf = ({ builtIn }: StoredRoleDefinition) => (builtIn ? "BuiltInRole" : "CustomRole");

/** Of role definitions and permissions: they did not take part in the previews of assignments. */
export const definitionVersions = ["2015-07-01", "2018-01-01-preview", "2022-04-01"];

/** When most of the built-in roles came to be. */
const BUILT_IN = { createdOn: "2015-02-02T21:55:09.8806423Z", updatedOn: "2021-11-11T20:13:28.6061853Z" };

const time = (at: number | undefined, otherwise: string) => (at === undefined ? otherwise : new Date(at).toISOString());

/** @param askedAt the scope at which it is read: at the tenant's its id has no subscription. */
export function presentRole(azure: Azure, role: StoredRoleDefinition, askedAt?: string): Json {
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
          notDataActions: role.notDataActions ?? [],
        },
      ],
      createdOn: time(role.createdOn, BUILT_IN.createdOn),
      updatedOn: time(role.updatedOn, BUILT_IN.updatedOn),
      createdBy: role.createdBy ?? null,
      updatedBy: role.createdBy ?? null,
    },
    id: roleDefinitionId(azure, role.name).slice(askedAt === "" ? ofSubscription(azure).length : 0),
    type: "Microsoft.Authorization/roleDefinitions",
    name: role.name,
  };
}
