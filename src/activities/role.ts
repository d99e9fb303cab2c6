import type { RoleAssignments } from "../azure/roleAssignments.ts";
import { NOT_READ_BACK } from "../domain/leftover.ts";
import type { Grant } from "../domain/grant.ts";
import type { Settings } from "../settings.ts";

export function roleActivities(roleAssignments: RoleAssignments, { installationId }: Settings) {
  const isThere = (grant: Grant) =>
    roleAssignments.exists(grant).catch((error: unknown) => {
      throw new Error(`${NOT_READ_BACK}: ${String(error)}`, { cause: error });
    });
  return {
    async assignRole({ grant, deadline }: { grant: Grant; deadline: string }): Promise<void> {
      await roleAssignments.create(grant, `Goldsmith ${installationId}, until ${deadline}`);
    },

    /** Deletes the role assignment and reads back that it is gone. @throws while it is still there. */
    async revokeRole(grant: Grant): Promise<"deleted" | "absent"> {
      try {
        const answer = await roleAssignments.delete(grant);
        if (await isThere(grant)) throw new Error(`The role assignment ${grant.name} is still there.`);
        return answer;
      } catch (error) {
        // A refusal to delete what was never there leaves nothing behind.
        if (await isThere(grant)) throw error;
        return "absent";
      }
    },
  };
}
