import { fixedVersionIn, type SharedImageDestination } from "../destination.ts";
import type { Finding } from "../failure.ts";
import { valueOf } from "./observed.ts";
import { byHand, EVERY_TOPOLOGY, IN_RECIPE, rule } from "./rule.ts";

/** Each part of a version's name is an integer of 32 bits. */
const LARGEST_NUMBER = 2 ** 31 - 1;
/** Of a subscription in one region, of all definitions together. */
const MOST_VERSIONS = 10_000;

export const versionNumber = rule({
  name: "version-number",
  holds: "The definition has a free number for the next version, by which it is the latest unless it is not to be.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "version-numbers-used-up": {
      severity: "blocks",
      owner: "requester",
      why: "Image builder counts the last part on, and Azure refuses a number beyond 32 bits, at the end of the build.",
      ...IN_RECIPE,
    },
    "version-taken": {
      severity: "blocks",
      owner: "requester",
      why: "Azure refuses to write a version a second time, at the end of the build.",
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
  check({ definitions, sourceImage, plan }, find) {
    return definitions.flatMap(({ target, versions }): Finding[] => {
      const { galleryImageId: resource, versioning, excludeFromLatest } = target;
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
      const sorted = there.map(({ name }) => numbersOf(name)).toSorted(compare);
      const major = versioning?.scheme === "Latest" ? (versioning.major ?? -1) : undefined;
      const before = sorted.filter(([one]) => major === undefined || major < 0 || one === major).at(-1);
      if (major !== undefined && before && before[2] >= LARGEST_NUMBER) {
        findings.push(
          find("version-numbers-used-up", {
            resource,
            seen: `The highest version of ${before[0]} is ${before.join(".")}.`,
            mend: "Take the next major in distribute.versioning of the recipe, or delete that version.",
          }),
        );
      }
      const named = fixedVersionIn(resource) ?? sourceNumber(target, valueOf(sourceImage)?.version);
      const taken = named && sorted.find((one) => compare(one, numbersOf(named)) === 0);
      if (taken) {
        findings.push(
          find("version-taken", {
            resource,
            seen: `The next version is to be ${taken.join(".")}, and that is there.`,
            mend: "Name another version, or let versioning count: {scheme: Latest}. Or delete that version.",
          }),
        );
      }
      const shown = there.filter(({ isExcluded }) => !isExcluded).map(({ name }) => numbersOf(name));
      const above = shown.toSorted(compare).at(-1);
      const next = nextMajor(major, named, above);
      const isToBeLatest = !excludeFromLatest || plan.publishSeconds !== undefined;
      if (isToBeLatest && above && next !== undefined && above[0] > next) {
        findings.push(
          find("version-not-latest", {
            resource,
            seen: `The next version is one of ${next}, and ${above.join(".")} is there.`,
            mend: `Take ${above[0]} as major in distribute.versioning of the recipe, or set excludeFromLatest where that is meant.`,
          }),
        );
      }
      return findings;
    });
  },
});

/** The number that a version takes over from its source; undefined where it does not, or that is none. */
function sourceNumber({ versioning }: SharedImageDestination, source = ""): string | undefined {
  return versioning?.scheme === "Source" && /^\d+\.\d+\.\d+$/.test(source) ? source : undefined;
}

/** @returns undefined where the next version is counted on from the highest, or its number is not known. */
function nextMajor(
  major: number | undefined,
  named: string | undefined,
  above: Numbers | undefined,
): number | undefined {
  if (named) return numbersOf(named)[0];
  if (major !== undefined) return major < 0 ? above?.[0] : major;
  // Without a scheme, numbers begin with 0 and the date.
  return 0;
}

type Numbers = [major: number, minor: number, patch: number];

function numbersOf(name: string): Numbers {
  const [major = 0, minor = 0, patch = 0] = name.split(".").map(Number);
  return [major, minor, patch];
}

function compare(one: Numbers, other: Numbers): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}
