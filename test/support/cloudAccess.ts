/** Changes of roles, role assignments and policies in a local Azure, by the operator. */
import { landscape } from "../../local/landscape.ts";
import type { TestCloud } from "./cloud.ts";
import { ids } from "./cloudTemplates.ts";

const VERSION = "?api-version=2022-04-01";

interface Role {
  roleName: string;
  assignableScopes: string[];
  permissions: { actions: string[]; notActions: string[]; dataActions: string[] }[];
}

const guidOf = (roleName: string) =>
  landscape.roleDefinitions.find((one) => one.roleName === roleName)?.name ?? roleName;

export function cloudAccess(cloud: () => TestCloud) {
  async function putRole(guid: string, change: (role: Role) => Role): Promise<void> {
    const path = ids.role(guid) + VERSION;
    const { properties } = (await cloud().send("GET", path)).body;
    await cloud().send("PUT", path, { body: { properties: change(properties as Role) } });
  }

  const withoutAction = (guid: string, action: string) =>
    putRole(guid, (role) => ({
      ...role,
      permissions: role.permissions.map((one) => ({ ...one, actions: one.actions.filter((own) => own !== action) })),
    }));

  return {
    putRole,
    withoutAction,

    /** Takes the one action out of the service's role of that name. */
    withoutOwnAction: (roleName: string, action: string) => withoutAction(guidOf(roleName), action),

    /** Takes a role from a principal, wherever it has it. */
    async withoutAssignment(principalId: string, roleName: string): Promise<void> {
      const { roleAssignments } = cloud().operator.authorization;
      for await (const { id = "", principalId: holder, roleDefinitionId } of roleAssignments.listForSubscription())
        if (holder === principalId && roleDefinitionId?.endsWith(guidOf(roleName)))
          await roleAssignments.deleteById(id);
    },

    /** Puts a built-in policy in force in the subscription. */
    assignPolicy: (definition: string, values: Record<string, unknown>, more: object = {}) =>
      cloud().send(
        "PUT",
        `${ids.subscription}/providers/Microsoft.Authorization/policyAssignments/policy?api-version=2022-06-01`,
        {
          body: {
            properties: {
              policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${definition}`,
              displayName: "the company's",
              parameters: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])),
              ...more,
            },
          },
        },
      ),
  };
}
