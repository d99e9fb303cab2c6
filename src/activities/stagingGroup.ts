import type { ResourceManagementClient } from "@azure/arm-resources";
import { readResourceGroup } from "../azure/resourceGroups.ts";
import type { Attempt } from "../domain/plan.ts";
import { isMadeForTemplate } from "../domain/stagingGroup.ts";
import type { Settings } from "../settings.ts";

/** "foreign": the name is the attempt's, and that image builder made it for the attempt's template is not proven. */
export type StagingGroup = "absent" | "image builder's" | "foreign";

export function stagingGroupActivities(resources: ResourceManagementClient, settings: Settings) {
  return {
    async stagingGroupExists({ stagingResourceGroup }: Pick<Attempt, "stagingResourceGroup">): Promise<boolean> {
      return (await readResourceGroup(resources, stagingResourceGroup)) !== undefined;
    },

    async readStagingGroup(attempt: Attempt): Promise<StagingGroup> {
      const group = await readResourceGroup(resources, attempt.stagingResourceGroup);
      if (!group) return "absent";
      return isMadeForTemplate(group.tags, attempt, settings) ? "image builder's" : "foreign";
    },
  };
}
