import { archiveNames } from "../domain/archiveNames.ts";
import { ImageHistory } from "../domain/imageHistory.ts";
import { type Archive, changeJson } from "./archive.ts";

export async function readImageHistory(archive: Archive, image: string): Promise<ImageHistory> {
  return ImageHistory.parse((await archive.readJson(archiveNames.image(image)))?.value ?? {});
}

/** Changes what is known of an image. */
export async function changeImageHistory(
  archive: Archive,
  image: string,
  change: (history: ImageHistory) => ImageHistory,
): Promise<void> {
  await changeJson(archive, archiveNames.image(image), (value) => change(ImageHistory.parse(value ?? {})));
}
