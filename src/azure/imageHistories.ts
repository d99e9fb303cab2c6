import { archiveNames } from "../domain/archiveNames.ts";
import { ImageHistory } from "../domain/imageHistory.ts";
import type { Archive } from "./archive.ts";

export async function readImageHistory(archive: Archive, image: string): Promise<ImageHistory> {
  return ImageHistory.parse((await archive.readJson(archiveNames.image(image)))?.value ?? {});
}

/** Changes what is known of an image; begins anew where somebody else changed it meanwhile. */
export async function changeImageHistory(
  archive: Archive,
  image: string,
  change: (history: ImageHistory) => ImageHistory,
): Promise<void> {
  const name = archiveNames.image(image);
  for (;;) {
    const found = await archive.readJson(name);
    const changed = change(ImageHistory.parse(found?.value ?? {}));
    if (await archive.replaceJson(name, changed, found?.etag)) return;
  }
}
