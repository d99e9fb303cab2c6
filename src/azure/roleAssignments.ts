import type { AuthorizationManagementClient } from "@azure/arm-authorization";
import type { Grant } from "../domain/grant.ts";
import { callAzure, findInAzure } from "./azureError.ts";

export interface RoleAssignments {
  /** Creates the assignment, or leaves it as it is where it exists under this very name. */
  create(grant: Grant, description: string): Promise<void>;
  exists(grant: Grant): Promise<boolean>;
  /** Deletes the assignment; fine where it is not there. */
  delete(grant: Grant): Promise<"deleted" | "absent">;
}

export function roleAssignments(client: AuthorizationManagementClient): RoleAssignments {
  return {
    create: (grant, description) =>
      callAzure(async () => {
        await client.roleAssignments.create(grant.scope, grant.name, {
          roleDefinitionId: grant.roleDefinitionId,
          principalId: grant.principalId,
          // Without it, Azure looks the principal up and may not find a fresh one; our own condition asks for it too.
          principalType: "ServicePrincipal",
          description,
        });
      }),

    exists: async ({ scope, name }) => (await findInAzure(() => client.roleAssignments.get(scope, name))) !== undefined,

    delete: ({ scope, name }) =>
      callAzure(async () => {
        // Azure answers with what it has deleted, or with nothing.
        return (await client.roleAssignments.delete(scope, name)).id ? "deleted" : "absent";
      }),
  };
}
