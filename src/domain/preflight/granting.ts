import type { Finding } from "../failure.ts";
import type { Grant } from "../grant.ts";
import { isWithin } from "../roleAssignment.ts";
import { lackingToGrant } from "./access.ts";
import { observedOf } from "./ground.ts";
import { word } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { EVERY_TOPOLOGY, rule } from "./rule.ts";

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
    },
    "grant-condition-unclear": {
      severity: "notes",
      owner: "identity",
      why: "Whether the condition lets the service assign this role to the builder shows only when it does.",
    },
  },
  check({ plan, servicePermissions, serviceAssignments }, find) {
    return Object.values(plan.grants).flatMap((grant: Grant): Finding[] => {
      const permissions = valueOf(observedOf(servicePermissions, grant.scope));
      const lacking = permissions ? lackingToGrant(permissions) : [];
      const held = (valueOf(serviceAssignments) ?? []).filter(({ scope }) => isWithin(grant.scope, scope));
      const anything = held.filter(
        ({ roleDefinition, condition }) => !condition && ASSIGN_ANY.includes(roleDefinition.toLowerCase()),
      );
      const role = grant.roleDefinitionId.split("/").at(-1) ?? "";
      const conditions = held
        .flatMap(({ condition }) => condition ?? [])
        .filter((text) => /roleAssignments/i.test(text));
      const isClear = conditions.some((text) =>
        [role, grant.principalId].every((guid) => text.toLowerCase().includes(guid.toLowerCase())),
      );
      return [
        ...(lacking.length > 0
          ? [
              find("service-cannot-grant", {
                resource: grant.scope,
                seen: `The service lacks ${lacking.join(", ")} on ${grant.scope}.`,
                mend: "Give the service's identity the granter role there, with the condition of docs/access.md in the first request.",
              }),
            ]
          : []),
        ...anything.map(({ id, roleDefinition }) =>
          find("service-grants-anything", {
            resource: id,
            seen: `The service holds the built-in role ${roleDefinition} without a condition, at or above ${grant.scope}.`,
            mend: "Remove that role assignment: the granter role with its condition is enough.",
            command: `az role assignment delete --ids ${word(id)}`,
          }),
        ),
        ...(conditions.length > 0 && !isClear
          ? [
              find("grant-condition-unclear", {
                resource: grant.scope,
                seen: `No condition of the service's there names both the role ${role} and the builder ${grant.principalId}.`,
                mend: "Compare the condition with that of docs/access.md.",
              }),
            ]
          : []),
      ];
    });
  },
});
