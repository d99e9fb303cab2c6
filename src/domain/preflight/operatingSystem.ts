import type { Ground } from "./ground.ts";

export type OperatingSystem = "Linux" | "Windows";

/** What the build VM runs. */
export function operatingSystemOf(_: Ground): OperatingSystem {
  return "Linux";
}
