import { expect, it } from "vitest";
import { deployInfra } from "../support/bicep/infraFiles.ts";
import { ofType, propertiesOf } from "../support/bicep/ofType.ts";
import { fullParameters, leastParameters } from "../support/bicep/parameters.ts";

interface Rule {
  enabled: boolean;
  scopes: string[];
  evaluationFrequency: string;
  windowSize: string;
  criteria: { allOf: { query: string; timeAggregation: string; operator: string; threshold: number }[] };
  actions: { actionGroups: string[] };
}

const RULES = "Microsoft.Insights/scheduledQueryRules";
const rulesOf = (parameters: Record<string, unknown>) =>
  ofType(deployInfra(parameters), RULES).map((one) => ({
    key: one.name.replace(`goldsmith-${String(parameters.installationId)}-`, ""),
    ...(propertiesOf(one) as unknown as Rule),
  }));
const ruleOf = (key: string) => rulesOf(leastParameters).find((one) => one.key === key);

/** More than none, but of the one that rings where there is silence. */
const RINGS: [key: string, operator: string, threshold: number][] = [
  ["builds-failed", "GreaterThan", 0],
  ["leftovers", "GreaterThan", 0],
  ["grants-overdue", "GreaterThan", 0],
  ["sweeper-silent", "LessThan", 1],
  ["queue-stuck", "GreaterThan", 0],
  ["callbacks-dead", "GreaterThan", 0],
  ["alarm", "GreaterThan", 0],
  ["not-ready", "GreaterThan", 0],
];

it("each alert is on, and rings by how many rows its query has of this installation's component", () => {
  const { workspaceId, componentId } = fullParameters;
  const rules = rulesOf(fullParameters);
  expect(rules.map(({ key, enabled, scopes, criteria }) => ({ key, enabled, scopes, ...criteria }))).toEqual(
    RINGS.map(([key, operator, threshold]) => ({
      key,
      enabled: true,
      scopes: [workspaceId],
      allOf: [
        {
          query: expect.stringContaining(` | where _ResourceId =~ "${String(componentId)}"`),
          timeAggregation: "Count",
          operator,
          threshold,
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
        },
      ],
    })),
  );
});

it("each is asked every quarter of an hour, of twice as long, since telemetry takes minutes to arrive", () => {
  const others = rulesOf(leastParameters).filter(({ key }) => key !== "sweeper-silent");
  expect(new Set(others.map(({ evaluationFrequency, windowSize }) => `${evaluationFrequency} ${windowSize}`))).toEqual(
    new Set(["PT15M PT30M"]),
  );
});

const emails = ["operators@example.com", "nights@example.com"];
const theirs = fullParameters.actionGroupIds;
it.each([
  ["those addresses", { alertEmails: emails, actionGroupIds: [] }, []],
  ["the company's action groups", { alertEmails: [], actionGroupIds: theirs }, theirs],
  ["both", { alertEmails: emails, actionGroupIds: theirs }, theirs],
  ["nobody, where none is given", { alertEmails: [], actionGroupIds: [] }, []],
] as const)("each alert is told to %s", (_, more, others) => {
  const made = ofType(deployInfra({ ...fullParameters, ...more }), "Microsoft.Insights/actionGroups");
  const receivers = made.flatMap((one) => {
    const { enabled, emailReceivers } = propertiesOf(one) as {
      enabled: boolean;
      emailReceivers: { emailAddress: string }[];
    };
    return enabled ? emailReceivers.map(({ emailAddress }) => emailAddress) : [];
  });
  expect(receivers).toEqual(more.alertEmails);
  const told = rulesOf({ ...fullParameters, ...more }).map(({ actions }) => actions.actionGroups);
  expect(told).toEqual(RINGS.map(() => [...(others as string[]), ...made.map(({ id }) => id)]));
});

it("the alert of a silent sweeper goes by when the service says that the next sweep is due, whatever its schedule", () => {
  const rule = ruleOf("sweeper-silent");
  // As far back as Azure looks: what was told then may still lie ahead.
  expect(rule?.windowSize).toBe("P2D");
  const [criterion] = rule?.criteria.allOf ?? [];
  // It rings where no sweep is due in the future, as where none has been told of.
  expect(criterion).toMatchObject({ operator: "LessThan", threshold: 1 });
  expect(criterion?.query).toContain('Name == "goldsmith.sweeps.due" and Max > (now() - datetime(1970-01-01)) / 1s');
});
