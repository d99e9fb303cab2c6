import type { Finding } from "../failure.ts";
import { LEASED_ROLES, type LeasedRole } from "../grant.ts";
import { resourceGroupOf } from "../resourceId.ts";
import type { WholePlan } from "../plan.ts";
import { isManagementGroup, isWithin } from "../roleAssignment.ts";
import { allows, type RoleDefinition } from "./access.ts";
import { observedOf } from "./ground.ts";
import { valueOf } from "./observed.ts";
import { changedRole, madeRole, roleNameOf } from "./roleMends.ts";
import { EVERY_TOPOLOGY, rule } from "./rule.ts";

/** Those on blobs are Azure's own: they are there, assignable everywhere, and nobody's to change. */
type OwnRole = Exclude<LeasedRole, "disk writing" | "script reading">;
const isOwn = (role: LeasedRole): role is OwnRole => role !== "disk writing" && role !== "script reading";

/** What image builder does with each, as Microsoft lists it; the second for images that are managed, which may be missing. */
export const ACTIONS: Record<OwnRole, { needed: readonly string[]; usual: readonly string[] }> = {
  "image creation": {
    needed: [
      "Microsoft.Compute/galleries/read",
      "Microsoft.Compute/galleries/images/read",
      "Microsoft.Compute/galleries/images/versions/read",
      "Microsoft.Compute/galleries/images/versions/write",
    ],
    usual: ["Microsoft.Compute/images/read", "Microsoft.Compute/images/write", "Microsoft.Compute/images/delete"],
  },
  // Which of them are needed depends on the kind of the source.
  "source reading": {
    needed: [],
    usual: [
      "Microsoft.Compute/galleries/read",
      "Microsoft.Compute/galleries/images/read",
      "Microsoft.Compute/galleries/images/versions/read",
      "Microsoft.Compute/images/read",
    ],
  },
  "network join": {
    needed: ["Microsoft.Network/virtualNetworks/read", "Microsoft.Network/virtualNetworks/subnets/join/action"],
    usual: [],
  },
};

/** What a build needs of a role beside what each does. @param leased of which it has a grant. */
function neededBy({ template, grants }: Pick<WholePlan, "template" | "grants">, leased: OwnRole): readonly string[] {
  const { source, distribute } = template;
  const { needed, usual } = ACTIONS[leased];
  const ofSource = usual.filter(
    (action) => action.endsWith("/read") && (source.type === "ManagedImage") === /Compute\/images\//.test(action),
  );
  if (leased === "source reading") return ofSource;
  if (leased === "network join") return needed;
  // A target is written in place of the one before.
  if (distribute.some(({ type }) => type === "ManagedImage")) return [...needed, ...usual];
  const isReadBeside = grants.some(({ role }) => role === "source reading");
  return source.type === "ManagedImage" && !isReadBeside ? [...needed, ...ofSource] : needed;
}

export const leasedRoles = rule({
  name: "leased-roles",
  holds:
    "The roles that are leased to the builder are there, hold what a build needs and no more, and fit their scopes.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "role-not-found": {
      severity: "blocks",
      owner: "identity",
      why: "The service leases this role to the builder, which can do nothing without it.",
    },
    "role-lacks-action": {
      severity: "blocks",
      owner: "identity",
      why: "A right to write that is missing shows in distributing only, after the whole build.",
    },
    "role-too-wide": {
      severity: "warns",
      owner: "identity",
      why: "A build's scripts cannot use it, but image builder can, and so can whoever gets its token: for as long as a build lasts.",
    },
    "role-not-assignable": {
      severity: "blocks",
      owner: "identity",
      why: "Azure refuses to assign a custom role outside of its assignable scopes.",
    },
    "role-assignable-undecided": {
      severity: "notes",
      owner: "identity",
      why: "Which subscriptions a management group holds is not read: where it is another's, Azure refuses to assign the role.",
    },
  },
  check({ plan, roleDefinitions }, find) {
    return LEASED_ROLES.filter(isOwn).flatMap((leased): Finding[] => {
      const scopes = plan.grants.filter(({ role }) => role === leased).map(({ scope }) => scope);
      const [grant] = plan.grants.filter(({ role }) => role === leased);
      if (!grant) return [];
      const observed = observedOf(roleDefinitions, grant.roleDefinitionId);
      const resource = grant.roleDefinitionId;
      if (observed?.kind === "absent") {
        const fresh: RoleDefinition = {
          id: resource,
          roleName: roleNameOf(leased, plan),
          description: "Leased to image builder for the length of a build.",
          assignableScopes: scopes.map(resourceGroupOf),
          permissions: [permissionOf([...ACTIONS[leased].needed, ...ACTIONS[leased].usual])],
        };
        const mend = `Deploy the roles again, or name the ${leased} role that there is in the settings.`;
        return [
          find("role-not-found", {
            resource,
            seen: `There is no role for ${leased}.`,
            mend,
            ...madeRole(plan, fresh),
          }),
        ];
      }
      const role = valueOf(observed);
      if (!role) return [];
      const { usual } = ACTIONS[leased];
      const needed = neededBy(plan, leased);
      const missing = needed.filter((action) => !allows(role.permissions, action));
      const expected = new Set([...needed, ...usual].map((action) => action.toLowerCase()));
      const wider = role.permissions
        .flatMap(({ actions, dataActions }) => [...actions, ...dataActions])
        .filter((one) => !expected.has(one.toLowerCase()));
      const { roleName, assignableScopes } = role;
      const outside = scopes.filter((scope) => !assignableScopes.some((one) => one === "/" || isWithin(scope, one)));
      // A role is written as a whole: what is found of one has one mend.
      const held = usual.filter((action) => !needed.includes(action) && allows(role.permissions, action));
      const update = changedRole(plan, {
        ...role,
        assignableScopes: [...assignableScopes, ...outside.map(resourceGroupOf)],
        permissions: [permissionOf([...needed, ...held])],
      });
      const assignable = outside.flatMap((scope): Finding[] => {
        const mend = `Add ${scope}, or its group, to its assignable scopes.`;
        const above = assignableScopes.filter(isManagementGroup);
        return above.length > 0
          ? [
              find("role-assignable-undecided", {
                resource,
                seen: `The role ${roleName} can be assigned in ${above.join(", ")}, which may or may not hold ${scope}.`,
                mend: `Make sure that it does, or: ${mend}`,
                ...update,
              }),
            ]
          : [
              find("role-not-assignable", {
                resource,
                seen: `The role ${roleName} cannot be assigned on ${scope}.`,
                mend,
                ...update,
              }),
            ];
      });
      return [
        ...(missing.length > 0
          ? [
              find("role-lacks-action", {
                resource,
                seen: `The role ${role.roleName} lacks ${missing.join(", ")}.`,
                mend: `Add ${missing.join(", ")} to its actions.`,
                ...update,
              }),
            ]
          : []),
        ...(wider.length > 0
          ? [
              find("role-too-wide", {
                resource,
                seen: `The role ${role.roleName} also holds ${wider.join(", ")}.`,
                mend: `Take ${wider.join(", ")} out of its actions.`,
                ...update,
              }),
            ]
          : []),
        ...assignable,
      ];
    });
  },
});

const permissionOf = (actions: readonly string[]) => ({ actions, notActions: [], dataActions: [] });
