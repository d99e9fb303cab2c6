import type { Finding } from "../failure.ts";
import { EVERY_TOPOLOGY, IN_RECIPE, rule, type Rule } from "./rule.ts";

/** Holds what a recipe accepts against what the rules can find. */
export function acceptance(rules: readonly Rule[]): Rule {
  const kinds = new Map(rules.flatMap(({ findings }) => Object.entries(findings)));
  return rule({
    name: "acceptance",
    holds: "What the recipe accepts are codes of warnings or notes.",
    topologies: EVERY_TOPOLOGY,
    findings: {
      "accept-unknown": {
        severity: "warns",
        owner: "requester",
        why: "It accepts nothing, so that the warning that was meant is told with each build.",
        ...IN_RECIPE,
      },
      "accept-blocking": {
        severity: "warns",
        owner: "requester",
        why: "What blocks a build is not for a recipe to accept: the build is refused all the same.",
        ...IN_RECIPE,
      },
    },
    check({ plan }, find) {
      return plan.accept.flatMap(({ code }): Finding[] => {
        const resource = `accept ${code}`;
        const kind = kinds.get(code);
        if (!kind) {
          const mend = "Write the code as docs/preflight.md has it, or take it out of the recipe.";
          return [find("accept-unknown", { resource, seen: `No rule has the code ${code}.`, mend })];
        }
        if (kind.severity !== "blocks") return [];
        const mend = "Mend what it finds, and take the code out of the recipe.";
        return [find("accept-blocking", { resource, seen: `${code} blocks a build.`, mend })];
      });
    },
  });
}
