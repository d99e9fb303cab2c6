import type { Finding } from "../failure.ts";
import type { Grant } from "../grant.ts";
import { sameId, subscriptionOf } from "../resourceId.ts";
import { isWithin, reaches } from "../roleAssignment.ts";
import { allows, lacking, type RoleDefinition, type StandingAssignment } from "./access.ts";
import { grantConditionFor, grantedUnder } from "./grantCondition.ts";
import { observedOf } from "./ground.ts";
import { nameOf, takeAway } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { letDo } from "./roleMends.ts";
import { byHand, EVERY_TOPOLOGY, rule, TAKEN_AWAY } from "./rule.ts";
import { TO_GRANT } from "./serviceNeeds.ts";
import { subscriptionIdOf } from "./subscription.ts";

/** Built-in roles that can assign any role: Owner, User Access Administrator, Role Based Access Control Administrator. */
const ASSIGN_ANY = [
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
];

export const granting = rule({
  name: "granting",
  holds: "The service may assign and remove the leased roles on their scopes, for the builder, and under a condition.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "service-cannot-grant": {
      severity: "blocks",
      owner: "identity",
      why: "Without it the builder gets no access, and a build could only fail.",
    },
    "service-grants-anything": {
      severity: "blocks",
      owner: "identity",
      why: "Whoever gets the service's token could give anybody anything there: the conditions on its other rights are void.",
      ...TAKEN_AWAY,
    },
    "grant-condition-unclear": {
      severity: "notes",
      owner: "identity",
      why: "Only the condition of docs/access.md is understood here: what another one lets the service assign, and to whom, shows only when it does.",
      ...byHand("Another condition may be meant so, and is to be read first."),
    },
  },
  check(ground, find) {
    const { plan, servicePermissions, serviceAssignments, assignmentsElsewhere, customRoles } = ground;
    const grants = plan.grants;
    const custom = valueOf(customRoles) ?? [];
    const granters = (valueOf(serviceAssignments) ?? []).filter(
      (one) => grants.some(({ scope }) => reaches(one, scope)) && canAssign(one, custom),
    );
    const powerless = grants.flatMap(({ scope, roleDefinitionId, principalId }): Finding[] => {
      const permissions = valueOf(observedOf(servicePermissions, scope));
      const actions = permissions ? lacking(permissions, TO_GRANT) : [];
      if (actions.length === 0) return [];
      return [
        find("service-cannot-grant", {
          resource: scope,
          seen: `The service lacks ${actions.join(", ")} on ${scope}.`,
          mend: "Give the service's identity the granter role there, with the condition of docs/access.md in the first request.",
          ...letDo(ground, {
            role: "granter",
            scope,
            condition: grantConditionFor(nameOf(roleDefinitionId), principalId),
            missing: actions,
          }),
        }),
      ];
    });
    const judged = granters.flatMap((assignment): Finding[] => {
      const { id, scope, roleDefinition, condition } = assignment;
      const resource = id;
      if (!condition) {
        const { mend, command } = takeAway(assignment);
        return [
          find("service-grants-anything", {
            resource,
            seen: `The service holds the role ${roleDefinition}, which can assign roles, without a condition on ${scope}.`,
            mend: `${mend}: the granter role with its condition is enough.`,
            command,
          }),
        ];
      }
      const granted = grantedUnder(condition);
      if (granted && grants.some((grant) => names(granted.roles, grant))) return [];
      return [
        find("grant-condition-unclear", {
          resource,
          seen: granted
            ? `Its condition lets the service assign ${granted.roles.join(", ")}, of which this build needs nothing.`
            : "Its condition is not that of docs/access.md.",
          mend: "Compare the condition with that of docs/access.md.",
        }),
      ];
    });
    const uncovered = grants.flatMap((grant): Finding[] => {
      const conditions = granters
        .filter((one) => reaches(one, grant.scope))
        .flatMap(({ condition }) => condition ?? []);
      // What is not understood is told already, and may be meant for this grant.
      if (conditions.length === 0 || conditions.some((one) => mayCover(one, grant))) return [];
      return [
        find("grant-condition-unclear", {
          resource: grant.scope,
          seen: `No condition of the service's there lets it assign ${nameOf(grant.roleDefinitionId)} to the builder ${grant.principalId}.`,
          mend: "Compare the condition with that of docs/access.md.",
        }),
      ];
    });
    const unexplained = grants.flatMap(({ scope }): Finding[] => {
      const permissions = valueOf(observedOf(servicePermissions, scope));
      const subscription = subscriptionOf(scope);
      // Of other subscriptions custom roles are not read; where assignments are not shown either, that is told already.
      if (sameId(subscription, `/subscriptions/${subscriptionIdOf(plan)}`)) return [];
      if (!permissions || lacking(permissions, TO_GRANT).length > 0) return [];
      if (granters.some((one) => reaches(one, scope))) return [];
      if (assignmentsElsewhere.service.some((one) => one.kind !== "found" && isWithin(one.resource, subscription)))
        return [];
      return [
        find("grant-condition-unclear", {
          resource: scope,
          seen: "The service may assign roles there, by a role assignment that is not known here for one that can.",
          mend: "Compare the condition of that role assignment with that of docs/access.md.",
        }),
      ];
    });
    return [...powerless, ...judged, ...uncovered, ...unexplained];
  },
});

function canAssign({ roleDefinition }: StandingAssignment, custom: readonly RoleDefinition[]): boolean {
  const role = custom.find(({ id }) => sameId(nameOf(id), roleDefinition));
  return role
    ? allows(role.permissions, "Microsoft.Authorization/roleAssignments/write")
    : ASSIGN_ANY.includes(roleDefinition.toLowerCase());
}

function mayCover(condition: string, grant: Grant): boolean {
  const granted = grantedUnder(condition);
  return !granted || (names(granted.roles, grant) && sameId(granted.principal, grant.principalId));
}

const names = (roles: readonly string[], { roleDefinitionId }: Grant): boolean =>
  roles.some((role) => sameId(role, nameOf(roleDefinitionId)));
