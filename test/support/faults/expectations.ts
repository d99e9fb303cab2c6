import type { Evidence } from "./evidence.ts";
import { isNetworkJoin } from "./promises/grants.ts";
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
export const grantedOnce = shows(
  "each role was assigned once",
  ({ held }) => held.length === 2 && held.filter(isNetworkJoin).length === 1,
);

export const alarmed = shows("the operators know", ({ alarms }) => alarms.length > 0);

export const templates = (count: number): Expectation =>
  shows(`${count} templates were asked for`, ({ answers }) => {
    const asked = answers.filter(({ method, path }) => method === "PUT" && path.includes("/imageTemplates/"));
    return new Set(asked.map(({ path }) => path)).size === count;
  });

export const runs = (count: number): Expectation =>
  shows(`image builder began ${count} runs`, (evidence) => evidence.runs.length === count);

export const nothingLeft = shows("nothing of ours is left in the cloud", ({ before, after, removed }) => {
  const { resourceGroups, resources, roleAssignments } = after as unknown as Record<
    string,
    { id: string; type?: string }[]
  >;
  const known = JSON.stringify(before).toLowerCase();
  return [...(resourceGroups ?? []), ...(resources ?? []), ...(roleAssignments ?? [])]
    .filter(({ type }) => !type?.endsWith("/images/versions"))
    .every(({ id }) => known.includes(id.toLowerCase()) || removed.includes(id));
});

export const grantsGone = shows("every grant is gone", ({ held }) => held.every(({ to }) => to !== undefined));

/** The sweeper has closed the build: it says that it was lost, and nothing of it is left. */
export const swept: Expectation[] = [ends("failed", "build-lost"), isClean, nothingLeft, grantsGone];
