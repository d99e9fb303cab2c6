import { expect, it } from "vitest";
import { deployInfra } from "../support/bicep/infraFiles.ts";
import { leastParameters } from "../support/bicep/parameters.ts";

interface Rule {
  windowSize: string;
  criteria: { allOf: { query: string; operator: string; threshold: number }[] };
}

const ruleOf = (key: string) =>
  deployInfra(leastParameters).resources.find(
    ({ type, name }) => type === "Microsoft.Insights/scheduledQueryRules" && name.endsWith(key),
  )?.body.properties as Rule | undefined;

it("the alert of a silent sweeper goes by when the service says that the next sweep is due, whatever its schedule", () => {
  const rule = ruleOf("sweeper-silent");
  // As far back as Azure looks: what was told then may still lie ahead.
  expect(rule?.windowSize).toBe("P2D");
  const [criterion] = rule?.criteria.allOf ?? [];
  // It rings where no sweep is due in the future, as where none has been told of.
  expect(criterion).toMatchObject({ operator: "LessThan", threshold: 1 });
  expect(criterion?.query).toContain('Name == "goldsmith.sweeps.due" and Max > (now() - datetime(1970-01-01)) / 1s');
});
