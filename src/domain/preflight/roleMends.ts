/** Mends of access: a role given to the service, and a custom role made or changed. */
import type { WholePlan } from "../plan.ts";
import { collectionOf, parseResourceId, resourceGroupOf, sameId, subscriptionOf } from "../resourceId.ts";
import { isManagementGroup, isWithin, reaches } from "../roleAssignment.ts";
import type { RoleDefinition } from "./access.ts";
import type { Ground } from "./ground.ts";
import {
  az,
  bicepCall,
  bicepExisting,
  BicepExpression,
  bicepFile,
  bicepResource,
  type BicepValue,
  nameOf,
} from "./mends.ts";
import { valueOf } from "./observed.ts";
import type { Sight } from "./rule.ts";
import { subscriptionIdOf } from "./subscription.ts";

export type Ready = Pick<Sight, "command" | "bicep">;

/** Roles of the service's own, by their keys in infra/modules/roles.bicep. */
export const OWN_ROLES = {
  observer: "observer",
  templateOperator: "template operator",
  identityUser: "identity user",
  publisher: "publisher",
  granter: "granter",
  logReader: "log reader",
} as const;
type OwnRole = keyof typeof OWN_ROLES;

/** The built-in role Reader. */
const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const CUSTOM_ROLE = "Microsoft.Authorization/roleDefinitions@2022-04-01";

const installationOf = ({ template }: WholePlan) => template.tags["goldsmith-installation"] ?? "";

/** Names are unique in a tenant, so that each installation's roles have its own. */
export function roleNameOf(name: string, plan: WholePlan): string {
  return `Goldsmith ${name} (${installationOf(plan)})`;
}

/**
 * What lets the service read something: Reader of that very resource, or where it is in no group the observer's role,
 * which is not to be had in other subscriptions: there Reader again.
 *
 * @param path of what was asked for: a resource's, or that of a list of what it has.
 */
export function letRead(ground: Ground, path: string): Ready {
  const resource = [path, collectionOf(path)].find((one) => parseResourceId(one));
  const [group] = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(path) ?? [];
  const scope = resource ?? group;
  if (scope) return assignment(ground, { name: "Reader", guid: READER, scope });
  const subscription = `/subscriptions/${subscriptionIdOf(ground.plan)}`;
  const elsewhere = subscriptionOf(path);
  if (/^\/subscriptions\/./i.test(elsewhere) && !sameId(elsewhere, subscription))
    return assignment(ground, { name: "Reader", guid: READER, scope: elsewhere });
  return assignment(ground, { ...ownRole(ground.plan, "observer"), scope: subscription });
}

/**
 * What lets the service do something at a scope: a role of its own there, under a condition where it needs one. Where it
 * holds that role already, the role is to be mended; where the role cannot be assigned there, it is made so before.
 */
export function letDo(
  ground: Ground,
  {
    role,
    scope,
    condition,
    missing,
    missingData = [],
  }: {
    role: OwnRole;
    scope: string;
    condition?: string;
    missing: readonly string[];
    missingData?: readonly string[];
  },
): Ready {
  const { guid, name } = ownRole(ground.plan, role);
  const there = valueOf(ground.customRoles)?.find(({ roleName }) => sameId(roleName, name));
  const isHeld = valueOf(ground.serviceAssignments)?.some(
    (one) => there && sameId(one.roleDefinition, nameOf(there.id)) && reaches(one, scope),
  );
  const given = assignment(ground, { guid, name, scope, condition });
  if (there && !isAssignable(there, scope)) {
    const assignableScopes = [...there.assignableScopes, resourceGroupOf(scope)];
    const widened = changedRole(ground.plan, { ...there, assignableScopes });
    return {
      command: `${widened.command} && ${given.command}`,
      bicep: `${widened.bicep}\n\n// and then, as a file of its own:\n${given.bicep}`,
    };
  }
  if (!there || !isHeld) return given;
  const actions = [...there.permissions.flatMap((permission) => permission.actions), ...missing];
  const dataActions = [...there.permissions.flatMap((permission) => permission.dataActions), ...missingData];
  return changedRole(ground.plan, { ...there, permissions: [{ actions, notActions: [], dataActions }] });
}

/** Management groups may hold the scope, or not: which they hold is not read. */
const isAssignable = ({ assignableScopes }: RoleDefinition, scope: string) =>
  assignableScopes.some((one) => one === "/" || isManagementGroup(one) || isWithin(scope, one));

function ownRole(plan: WholePlan, role: OwnRole): { name: string; guid: BicepValue } {
  const subscription = `/subscriptions/${subscriptionIdOf(plan)}`;
  return {
    name: roleNameOf(OWN_ROLES[role], plan),
    guid: bicepCall("guid", subscription, installationOf(plan), role),
  };
}

function assignment(
  { plan, servicePrincipalId }: Ground,
  role: { name: string; guid: BicepValue; scope: string; condition?: string | undefined },
): Ready {
  return assigned({ ...role, subscription: subscriptionIdOf(plan), principalId: servicePrincipalId });
}

/** Gives somebody a role. @param guid of the role. @param subscription of the role's definition. */
export function assigned({
  subscription,
  name,
  guid,
  principalId,
  scope,
  condition,
}: {
  subscription: string;
  name: string;
  guid: BicepValue;
  principalId: string;
  scope: string;
  condition?: string | undefined;
}): Ready {
  return {
    command: az`role assignment create ${{
      subscription,
      role: name,
      "assignee-object-id": principalId,
      "assignee-principal-type": "ServicePrincipal",
      scope,
      ...(condition && { condition, "condition-version": "2.0" }),
    }}`,
    bicep: bicepAssignment({
      scope,
      roleDefinitionId: bicepCall(
        "subscriptionResourceId",
        subscription,
        "Microsoft.Authorization/roleDefinitions",
        guid,
      ),
      principalId,
      condition,
    }),
  };
}

/** A role assignment, on a resource, a resource group or a subscription. */
function bicepAssignment({
  scope,
  roleDefinitionId,
  principalId,
  condition,
}: {
  scope: string;
  roleDefinitionId: BicepValue;
  principalId: string;
  condition: string | undefined;
}): string {
  const on = bicepExisting("target", scope);
  const place = on ? scope.split("/").slice(0, 5).join("/") : scope;
  const resource = bicepResource("assignment", "Microsoft.Authorization/roleAssignments@2022-04-01", {
    name: bicepCall("guid", scope, principalId, roleDefinitionId),
    ...(on && { scope: new BicepExpression("target") }),
    properties: {
      roleDefinitionId,
      principalId,
      principalType: "ServicePrincipal",
      ...(condition && { condition, conditionVersion: "2.0" }),
    },
  });
  return bicepFile(place, on, resource);
}

/** Makes a custom role under the very name that the settings have: `az role definition create` would take another. */
export function madeRole(plan: WholePlan, role: RoleDefinition): Ready {
  const { id, roleName, description, assignableScopes, permissions } = role;
  const properties = { roleName, description, type: "CustomRole", permissions, assignableScopes };
  const body = JSON.stringify({ properties });
  return {
    command: az`rest ${{ method: "put", url: `${id}?api-version=2022-04-01`, body, headers: "Content-Type=application/json" }}`,
    bicep: bicepRole(plan, role),
  };
}

/** Writes a custom role anew, as a whole. */
export function changedRole(plan: WholePlan, role: RoleDefinition): Ready {
  const { id, roleName, description, assignableScopes, permissions } = role;
  const definition = { id, roleName, description, assignableScopes, ...permissions[0] };
  const subscription = subscriptionIdOf(plan);
  return {
    command: az`role definition update ${{ subscription, "role-definition": JSON.stringify(definition) }}`,
    bicep: bicepRole(plan, role),
  };
}

function bicepRole(
  plan: WholePlan,
  { id, roleName, description, assignableScopes, permissions }: RoleDefinition,
): string {
  const resource = bicepResource("role", CUSTOM_ROLE, {
    name: nameOf(id),
    properties: {
      roleName,
      ...(description && { description }),
      type: "CustomRole",
      permissions: permissions.map(({ actions, notActions, dataActions }) => ({ actions, notActions, dataActions })),
      assignableScopes,
    },
  });
  return bicepFile(`/subscriptions/${subscriptionIdOf(plan)}`, resource);
}
