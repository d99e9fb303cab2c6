import * as z from "zod";
import { DURATION_TEXT, isDuration, millisecondsOf } from "../schedule/duration.ts";

const settings = z.strictObject({
  coolDown: z
    .string()
    .refine((text) => isDuration(text) && millisecondsOf(text) > 0, { error: `${DURATION_TEXT}; more than nothing` })
    .exactOptional()
    .describe("How long a version has to be out before it is built on: images of the first day get pulled.")
    .meta({ examples: ["3d"] }),
});

export const follow = z
  .union([z.literal(true), settings])
  .transform((written): z.infer<typeof settings> => (written === true ? {} : written))
  .describe(
    "Builds the image when its source has a new version; docs/base-images.md shows how. `true`, or with a cool-down. Without it, nothing of the source starts a build.",
  );

/** How an image follows its source. */
export type Follow = z.infer<typeof follow>;

/** Why a recipe cannot follow what it begins with; undefined where it can. */
export function followFault(source: { type: string; version?: string; imageVersionId?: string }): string | undefined {
  if (source.type === "Recipe") return undefined;
  const named = source.type === "PlatformImage" ? source.version : source.imageVersionId?.split("/").at(-1);
  if (named?.toLowerCase() === "latest") return undefined;
  return "goes with a source of which there are new versions: the latest of the marketplace or of a gallery, or another recipe";
}
