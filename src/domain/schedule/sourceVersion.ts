import type { WholePlan } from "../plan.ts";
import type { SourceImage } from "../preflight/images.ts";
import type { SourceVersion } from "./state.ts";

/**
 * What of a source tells one content from another. Of a VHD that is its URL alone: what lies there may be read by the
 * builder and not by the service, so that a blob that is written anew is not seen.
 */
export function sourceVersionOf(
  image: SourceImage | undefined,
  { importedImage }: Pick<WholePlan, "importedImage">,
): SourceVersion | undefined {
  if (importedImage) return { version: importedImage.vhd };
  if (!image) return undefined;
  const { version, publishedAt, content } = image;
  return { version, ...(publishedAt ? { publishedAt } : {}), ...(content ? { content } : {}) };
}
