import type { ImportedImages } from "../azure/importedImages.ts";
import type { BuildsImage, ImportedImage, ImportedImageState } from "../domain/importedImage.ts";

export function importedImageActivities(images: ImportedImages) {
  return {
    /** Begins to make the managed image that a build begins with; `readImage` tells when Azure is done. */
    async createImage(asked: BuildsImage<ImportedImage>): Promise<void> {
      await images.create(asked);
    },

    async readImage(asked: BuildsImage): Promise<ImportedImageState> {
      return images.read(asked);
    },

    /** Begins to delete it. */
    async deleteImage(asked: BuildsImage): ReturnType<ImportedImages["delete"]> {
      return images.delete(asked);
    },
  };
}
