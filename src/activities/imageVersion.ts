import type { Archive } from "../azure/archive.ts";
import type { ArmReader } from "../azure/armReader.ts";
import type { ImageVersions, VersionState } from "../azure/imageVersions.ts";
import { observeVersionsOfBuild } from "../azure/observedImages.ts";
import { definitionIdOf, isSharedImage } from "../domain/destination.ts";
import type { Plan } from "../domain/plan.ts";
import { valueOf } from "../domain/preflight/observed.ts";
import { keptTemplate } from "./keptTemplate.ts";

export function imageVersionActivities(versions: ImageVersions, reader: ArmReader, archive: Archive) {
  return {
    /** Begins to let an image version be the latest; `readVersionState` tells when Azure is done. */
    async includeInLatest({ id }: { id: string }): Promise<void> {
      await versions.publish(id);
    },

    async readVersionState({ id }: { id: string }): Promise<VersionState> {
      return versions.read(id);
    },

    /** Ids of the versions in galleries that are tagged as the build's, as far as Azure shows them. */
    async findImageVersions(plan: Pick<Plan, "image" | "buildId" | "sentHash">): Promise<string[]> {
      const { distribute } = await keptTemplate(archive, plan);
      const definitions = new Set(
        distribute.filter(isSharedImage).map(({ galleryImageId }) => definitionIdOf(galleryImageId)),
      );
      const found = await Promise.all(
        [...definitions].map((definition) => observeVersionsOfBuild(reader, definition, plan.buildId)),
      );
      return found.flatMap((seen) => valueOf(seen) ?? []);
    },
  };
}
