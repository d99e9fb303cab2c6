import type { Finding } from "../failure.ts";
import { valueOf } from "./observed.ts";
import { byHand, EVERY_TOPOLOGY, IN_RECIPE, rule } from "./rule.ts";

/** Each part of a version's name is an integer of 32 bits. */
const LARGEST_NUMBER = 2 ** 31 - 1;
/** Of a subscription in one region, of all definitions together. */
const MOST_VERSIONS = 10_000;

export const versionNumber = rule({
  name: "version-number",
  holds: "The definition has a number for the next version, by which it is the latest unless it is not to be.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "version-numbers-used-up": {
      severity: "blocks",
      owner: "requester",
      why: "Image builder counts the last part on, and Azure refuses a number beyond 32 bits, at the end of the build.",
      ...IN_RECIPE,
    },
    "version-not-latest": {
      severity: "warns",
      owner: "requester",
      why: "Whoever asks for the latest version goes on getting an older image.",
      ...IN_RECIPE,
    },
    "too-many-versions": {
      severity: "blocks",
      owner: "platform",
      why: `Azure keeps ${MOST_VERSIONS} image versions of a subscription in a region, and refuses the next at the end of the build.`,
      ...byHand("Which versions are no longer used is not known here."),
    },
  },
  check({ plan, versions }, find) {
    const [{ galleryImageId: resource, versioning, excludeFromLatest }] = plan.template.distribute;
    const there = valueOf(versions);
    if (!there) return [];
    const findings: Finding[] = [];
    if (there.length >= MOST_VERSIONS) {
      findings.push(
        find("too-many-versions", {
          resource,
          seen: `The definition has ${there.length} versions.`,
          mend: "Delete versions that are no longer used.",
        }),
      );
    }
    const highest = there.map(({ name }) => numbersOf(name)).toSorted(compare);
    const before = highest.filter(([major]) => !versioning || major === versioning.major).at(-1);
    if (versioning && before && before[2] >= LARGEST_NUMBER) {
      findings.push(
        find("version-numbers-used-up", {
          resource,
          seen: `The highest version of ${versioning.major} is ${before.join(".")}.`,
          mend: "Take the next major in distribute.versioning of the recipe, or delete that version.",
        }),
      );
    }
    const shown = there.filter(({ isExcluded }) => !isExcluded).map(({ name }) => numbersOf(name));
    const above = shown.toSorted(compare).at(-1);
    // Without a scheme, numbers begin with 0 and the date.
    const major = versioning?.major ?? 0;
    if (!excludeFromLatest && above && above[0] > major) {
      findings.push(
        find("version-not-latest", {
          resource,
          seen: `The next version is one of ${major}, and ${above.join(".")} is there.`,
          mend: `Take ${above[0]} as major in distribute.versioning of the recipe, or set excludeFromLatest where that is meant.`,
        }),
      );
    }
    return findings;
  },
});

type Numbers = [major: number, minor: number, patch: number];

function numbersOf(name: string): Numbers {
  const [major = 0, minor = 0, patch = 0] = name.split(".").map(Number);
  return [major, minor, patch];
}

function compare(one: Numbers, other: Numbers): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}
