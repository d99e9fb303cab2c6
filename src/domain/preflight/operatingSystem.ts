import type { Ground } from "./ground.ts";
import type { OperatingSystem } from "./images.ts";
import { valueOf } from "./observed.ts";

/** What the build VM runs: as the source says, or else the definition that the image goes to. */
export function operatingSystemOf({ sourceImage, definitions }: Ground): OperatingSystem {
  return valueOf(sourceImage)?.operatingSystem ?? valueOf(definitions[0]?.definition)?.operatingSystem ?? "Linux";
}
