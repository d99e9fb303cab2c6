import type { ImageVersions, VersionState } from "../azure/imageVersions.ts";

export function imageVersionActivities(versions: ImageVersions) {
  return {
    /** Begins to let an image version be the latest; `readVersionState` tells when Azure is done. */
    async includeInLatest({ id }: { id: string }): Promise<void> {
      await versions.publish(id);
    },

    async readVersionState({ id }: { id: string }): Promise<VersionState> {
      return versions.read(id);
    },
  };
}
