import { isDeepStrictEqual } from "node:util";
import type { Evidence } from "./evidence.ts";
import { ownOf } from "./ours.ts";
import { type Expectation, shows } from "./row.ts";

/** Every build ends so. @param code of its failure. */
export function ends(kind: "built" | "failed" | "cancelled" | "refused", code?: string): Expectation {
  return ({ builds }) => {
    const wrong = builds
      .map(({ receipt }) => receipt?.outcome)
      .find((outcome) => outcome?.kind !== kind || !hasCode(outcome, code));
    return (
      wrong &&
      `ended as ${wrong.kind} ${wrong.kind === "failed" ? wrong.failure.code : ""}, not as ${kind} ${code ?? ""}`
    );
  };
}

type Outcome = NonNullable<Evidence["builds"][number]["receipt"]>["outcome"];

const hasCode = (outcome: Outcome, code: string | undefined) =>
  code === undefined || (outcome.kind === "failed" && outcome.failure.code === code);

export const isClean = shows("every receipt says clean", ({ builds }) =>
  builds.every(({ receipt }) => receipt?.cleanUp.kind === "clean"),
);

export const nothingMade = shows(
  "nothing was made",
  ({ answers, held }) =>
    held.length === 0 && !answers.some(({ method, path }) => method === "PUT" && path.includes("/imageTemplates/")),
);

export const logIs = (kind: "archived" | "lost" | "none"): Expectation =>
  shows(`the log is ${kind}`, ({ builds }) => builds.every(({ receipt }) => receipt?.log.kind === kind));

export const logIsAnyOf = (...kinds: string[]): Expectation =>
  shows(`the log is ${kinds.join(" or ")}`, ({ builds }) =>
    builds.every(({ receipt }) => kinds.includes(receipt?.log.kind ?? "")),
  );

/** One assignment each of the two, and each granted once. */
export const grantedOnce = shows("each role was assigned once", ({ held, builds }) => {
  const own = builds.flatMap(({ id }) => ownOf(id).grants.map((grant) => grant.id));
  return isDeepStrictEqual(held.map(({ id }) => id.toLowerCase()).toSorted(), own.toSorted());
});

export const alarmed = shows("the operators know of every build that left something", ({ alarms, builds }) =>
  builds.every(({ id }) => alarms.includes(`alarms/${id}.json`)),
);

/** The receipt lists something, and the promises see to it that it is just what was left. */
export const listed = shows("every receipt lists what is left", ({ builds }) =>
  builds.every(({ receipt }) => receipt?.cleanUp.kind === "leftovers"),
);

export const templates = (count: number): Expectation =>
  shows(`${count} templates were asked for`, ({ answers }) => {
    const asked = answers.filter(({ method, path }) => method === "PUT" && path.includes("/imageTemplates/"));
    return new Set(asked.map(({ path }) => path)).size === count;
  });

export const runs = (count: number): Expectation =>
  shows(`image builder began ${count} runs`, (evidence) => evidence.runs.length === count);

/** But the image versions that receipts name: the promises see to it that these are the builds' own. */
export const nothingLeft = shows("nothing of ours is left in the cloud", ({ before, after, builds }) => {
  const known = new Set(idsOf(before));
  for (const { receipt } of builds) {
    const { outcome } = receipt ?? {};
    const versions = outcome && outcome.kind !== "refused" ? (outcome.imageVersions ?? []) : [];
    for (const version of versions) known.add(version.toLowerCase());
  }
  return idsOf(after).every((id) => known.has(id));
});

function idsOf(state: Evidence["after"]): string[] {
  const { resourceGroups, resources, roleAssignments } = state as unknown as Record<
    "resourceGroups" | "resources" | "roleAssignments",
    { id: string }[]
  >;
  return [...resourceGroups, ...resources, ...roleAssignments].map(({ id }) => id.toLowerCase());
}

export const grantsGone = shows("every grant is gone", ({ held }) => held.every(({ to }) => to !== undefined));

/** The sweeper has closed the build: it says that it was lost, and nothing of it is left. */
export const swept: Expectation[] = [ends("failed", "build-lost"), isClean, nothingLeft, grantsGone];
