import type { Finding } from "../failure.ts";
import { sameId } from "../resourceId.ts";
import { az, bicepFile, bicepResource, nameOf } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { policyJudges } from "./policyJudges.ts";
import { EVERY_TOPOLOGY, rule, type Sight } from "./rule.ts";
import { type PolicyAssignment, subscriptionIdOf } from "./subscription.ts";

/** Initiatives that only audit as they come: the Microsoft cloud security benchmark, which Defender assigns everywhere. */
const AUDITING = ["1f3afdf9-d0c9-4c3d-847f-89da613e70a8"];

/** Whether an assignment denies nothing as far as it shows, by the effect that it chooses. */
function isHarmless({ definition, parameters }: PolicyAssignment): boolean {
  const { effect } = parameters;
  return (
    AUDITING.includes(definition.toLowerCase()) ||
    (typeof effect === "string" && /^(audit|auditIfNotExists|disabled)$/i.test(effect))
  );
}

function exemption(assignmentId: string, subscription: string): Pick<Sight, "command" | "bicep"> {
  const name = `goldsmith-${nameOf(assignmentId)}`.slice(0, 64);
  const description = "Image builder's staging resource groups";
  return {
    command: az`policy exemption create ${{
      subscription: nameOf(subscription),
      name,
      scope: subscription,
      "policy-assignment": assignmentId,
      "exemption-category": "Waiver",
      description,
    }}`,
    bicep: bicepFile(
      subscription,
      bicepResource("exemption", "Microsoft.Authorization/policyExemptions@2022-07-01-preview", {
        name,
        properties: { policyAssignmentId: assignmentId, exemptionCategory: "Waiver", description },
      }),
    ),
  };
}

const isKnown = ({ definition }: PolicyAssignment) => definition.toLowerCase() in policyJudges;

/** Whether each of its parameters shows a value. */
const isWhole = ({ parameters }: PolicyAssignment) => !Object.values(parameters).includes(undefined);

export const policies = rule({
  name: "policies",
  holds: "No policy that is known here would deny the staging group or what image builder puts into it.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "policy-denies": {
      severity: "warns",
      owner: "policy",
      why: "Azure Policy refuses what image builder makes, mostly minutes into the run; an exemption that is not read here may hold.",
    },
    "policies-not-judged": {
      severity: "notes",
      owner: "policy",
      why: "What initiatives and policies other than the known of Azure's own deny is not worked out here: a build may still be refused by one.",
      noBicep: "Policies are looked at, not changed.",
    },
  },
  check(ground, find) {
    const subscription = `/subscriptions/${subscriptionIdOf(ground.plan)}`;
    const inForce = (valueOf(ground.policyAssignments) ?? []).filter(
      ({ isEnforced, notScopes }) => isEnforced && !notScopes.some((scope) => sameId(scope, subscription)),
    );
    const denying = inForce.flatMap((assignment): Finding[] => {
      const { id, displayName, definition, parameters } = assignment;
      const denied = policyJudges[definition.toLowerCase()]?.(parameters, ground.plan);
      if (!denied) return [];
      return [
        find("policy-denies", {
          resource: id,
          seen: `The policy assignment ${displayName} is in force, and ${denied}.`,
          mend:
            "Set tags or location in the recipe as it asks; or exempt the subscription, since staging groups come and " +
            "go, and accept the warning in the recipe, for exemptions are not read here.",
          ...exemption(id, subscription),
        }),
      ];
    });
    // To judge initiatives by their members takes a read for each, and the widest ground leaves none of the 22.
    const unjudged = inForce.filter((one) => !(isKnown(one) && isWhole(one)) && !isHarmless(one));
    if (unjudged.length === 0) return denying;
    return [
      ...denying,
      find("policies-not-judged", {
        resource: subscription,
        seen: `In force and not judged: ${unjudged.map(({ displayName }) => displayName).join(", ")}.`,
        mend: "Look whether one of them denies the staging resource group, or what image builder puts into it.",
        command: az`policy assignment list ${{ subscription: nameOf(subscription) }} --disable-scope-strict-match --output table`,
      }),
    ];
  },
});
