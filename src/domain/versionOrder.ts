/** Versions count by their numbers, part by part: 1.10.0 comes after 1.9.0. Negative where `one` comes first. */
export function compareVersions(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
