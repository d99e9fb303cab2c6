import { archiveNames } from "../domain/archiveNames.ts";
import { ImageHistory } from "../domain/imageHistory.ts";
import { type Archive, changeJson, type Document } from "./archive.ts";

export async function readImageHistory(archive: Archive, image: string): Promise<ImageHistory> {
  return historyIn(await archive.readJson(archiveNames.image(image)));
}

/** Changes what is known of an image. */
export async function changeImageHistory(
  archive: Archive,
  image: string,
  change: (history: ImageHistory) => ImageHistory,
): Promise<void> {
  await changeJson(archive, archiveNames.image(image), historyIn, change);
}

const historyIn = (found: Document | undefined) => ImageHistory.parse(found?.value ?? {});
