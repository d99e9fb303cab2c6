import type { AuthorizationManagementClient, RoleAssignment as Answered } from "@azure/arm-authorization";
import type { Grant } from "../domain/grant.ts";
import type { RoleAssignment } from "../domain/roleAssignment.ts";
import { callAzure, errorAnswer, insistOn, unknownIfNotFound } from "./azureError.ts";

export interface RoleAssignments {
  /** A principal's assignments at, above and below a scope, and what time it is in Azure. */
  listOf(principalId: string, scope: string): Promise<{ assignments: RoleAssignment[]; now: Date }>;
  /** Writes the assignment. @returns "exists" where Azure has the same under another name. */
  put(grant: Grant, description: string): Promise<"written" | "exists">;
  /** What stands under the grant's name, whoever made it: asked by id, as `listOf` asks by principal. */
  find(grant: Grant): Promise<RoleAssignment | undefined>;
  /** Deletes the assignment; fine where it is not there. */
  delete(grant: Grant): Promise<"deleted" | "absent">;
}

export function roleAssignments({ roleAssignments: assignments }: AuthorizationManagementClient): RoleAssignments {
  return {
    listOf: (principalId, scope) =>
      insistOn(async () => {
        let now = new Date();
        const found: RoleAssignment[] = [];
        const pages = assignments.listForScope(scope, {
          filter: `principalId eq '${principalId}'`,
          onResponse: ({ headers }) => {
            now = new Date(headers.get("date") ?? now);
          },
        });
        for await (const one of pages) found.push(assignmentOf(one));
        return { assignments: found, now };
      }),

    put: (grant, description) =>
      callAzure(async () => {
        try {
          await assignments.create(grant.scope, grant.name, {
            roleDefinitionId: grant.roleDefinitionId,
            principalId: grant.principalId,
            // Without it, Azure looks the principal up and may not find a fresh one; our condition asks for it too.
            principalType: "ServicePrincipal",
            description,
          });
          return "written";
        } catch (error) {
          if (errorAnswer(error)?.code !== "RoleAssignmentExists") throw error;
          return "exists";
        }
      }),

    find: ({ scope, name }) =>
      insistOn(async () => {
        const found = await assignments.get(scope, name).catch(unknownIfNotFound);
        return found && assignmentOf(found);
      }),

    delete: ({ scope, name }) =>
      insistOn(async () => {
        // Azure answers with what it has deleted, or with nothing.
        return (await assignments.delete(scope, name)).id ? "deleted" : "absent";
      }),
  };
}

function assignmentOf(answered: Answered): RoleAssignment {
  const { id = "", name = "", scope = "", principalId = "", roleDefinitionId = "", createdBy, description } = answered;
  return {
    id,
    name,
    scope,
    principalId,
    roleDefinitionId,
    ...(createdBy ? { createdBy } : {}),
    ...(description ? { description } : {}),
  };
}
