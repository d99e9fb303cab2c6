import type { Azure } from "../azure.ts";
import { compareVersions, versionsOf } from "../compute/imageVersions.ts";
import type { Distributor } from "./templateSchema.ts";

type SharedImage = Distributor & { type: "SharedImage" };

/** The number of the version that a run makes: fixed in the target's id, or by its scheme. */
export function versionNumber(azure: Azure, target: SharedImage, sourceVersion: string): string {
  const [definition = "", fixed] = target.galleryImageId.split(/\/versions\//i);
  if (fixed) return fixed;
  const { versioning } = target;
  if (!versioning) return byTime(azure.now);
  if (versioning.scheme === "Source") return sourceVersion.split(".").map(Number).join(".");
  return nextVersion(azure, definition, versioning.major ?? -1);
}

/** `0.24105.52755`: year and day of the year, second of the day. */
function byTime(now: number): string {
  const time = new Date(now);
  const newYear = Date.UTC(time.getUTCFullYear(), 0, 1);
  const dayOfYear = Math.floor((now - newYear) / 86_400_000) + 1;
  const secondOfDay = Math.floor((now % 86_400_000) / 1000);
  return `0.${time.getUTCFullYear() % 100}${String(dayOfYear).padStart(3, "0")}.${secondOfDay}`;
}

/** The highest version's patch and one, among those of `major` unless it is -1. */
function nextVersion(azure: Azure, definition: string, major: number): string {
  const highest = versionsOf(azure, definition)
    .map(({ name }) => name)
    .filter((name) => major < 0 || name.startsWith(`${major}.`))
    .sort((a, b) => compareVersions(b, a))[0];
  if (!highest) return major > 0 ? `${major}.0.0` : "0.0.1";
  const [first, second, patch] = highest.split(".");
  return `${first}.${second}.${Number(patch) + 1}`;
}
