import type { ResourceManagementClient } from "@azure/arm-resources";
import { resourceGroupExists } from "../azure/resourceGroups.ts";
import type { Attempt } from "../domain/plan.ts";

export function stagingGroupActivities(resources: ResourceManagementClient) {
  return {
    async stagingGroupExists({ stagingResourceGroup }: Pick<Attempt, "stagingResourceGroup">): Promise<boolean> {
      return resourceGroupExists(resources, stagingResourceGroup);
    },
  };
}
