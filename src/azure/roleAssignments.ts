import type { AuthorizationManagementClient } from "@azure/arm-authorization";
import type { Grant } from "../domain/grant.ts";
import { callAzure, errorAnswer, insistOn, unknownIfNotFound } from "./azureError.ts";

export interface RoleAssignments {
  /** Creates the assignment, or leaves it as it is where it exists under this very name. */
  create(grant: Grant, description: string): Promise<void>;
  exists(grant: Grant): Promise<boolean>;
  /** Deletes the assignment; fine where it is not there. */
  delete(grant: Grant): Promise<"deleted" | "absent">;
}

export function roleAssignments(client: AuthorizationManagementClient): RoleAssignments {
  const exists = async ({ scope, name }: Grant) =>
    (await insistOn(() => client.roleAssignments.get(scope, name).catch(unknownIfNotFound))) !== undefined;
  return {
    create: (grant, description) =>
      callAzure(async () => {
        try {
          await client.roleAssignments.create(grant.scope, grant.name, {
            roleDefinitionId: grant.roleDefinitionId,
            principalId: grant.principalId,
            // Without it, Azure looks the principal up and may not find a fresh one; our condition asks for it too.
            principalType: "ServicePrincipal",
            description,
          });
        } catch (error) {
          // Also said of the very assignment that an earlier try, whose answer was lost, has made.
          if (errorAnswer(error)?.code !== "RoleAssignmentExists" || !(await exists(grant))) throw error;
        }
      }),

    exists,

    delete: ({ scope, name }) =>
      insistOn(async () => {
        // Azure answers with what it has deleted, or with nothing.
        return (await client.roleAssignments.delete(scope, name)).id ? "deleted" : "absent";
      }),
  };
}
