import type { Finding } from "../failure.ts";
import { sameId } from "../resourceId.ts";
import { az, bicepFile, bicepResource, nameOf } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { EVERY_TOPOLOGY, rule, type Sight } from "./rule.ts";
import type { Ground } from "./ground.ts";
import { type PolicyAssignment, subscriptionIdOf } from "./subscription.ts";

type Judge = (assignment: PolicyAssignment, ground: Ground) => string | undefined;

const named = (parameters: PolicyAssignment["parameters"], name: string): unknown => parameters[name];

/** Azure's own policies by their definitions' names (Azure/azure-policy), and what of a build each would deny. */
const JUDGES: Readonly<Record<string, Judge>> = {
  // Allowed locations, and the same of resource groups.
  "e56962a6-4747-49cd-b67b-bf8b01975c4c": outsideLocations,
  "e765b5de-1225-4ba3-bd56-1ac6695af988": outsideLocations,
  // Not allowed resource types.
  "6c112d4e-5bc7-47ae-a041-ea2d9dccd749": outsideTypes,
  // Require a tag on resources, and on resource groups.
  "871b6d14-10aa-478d-b590-94f262ecfa99": (...asked) => lacksTag([], ...asked),
  "96670d01-0a4d-4649-9c89-2d3abc0a5025": (...asked) => lacksTag(STAGING_TAGS, ...asked),
  // Storage accounts should prevent shared key access.
  "8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54": storageIs("image builder's staging storage allows shared keys"),
  // Storage accounts should disable public network access. Image builder supports no firewall on its storage
  // (github.com/Azure/azvmimagebuilder/issues/32).
  "b2982f36-99f2-4db5-8eff-283140c09693": storageIs("image builder's staging storage is open to public networks"),
  // Network interfaces should not have public IPs.
  "83a86a26-fd1f-447c-b59d-e51f44264114": (_, { plan }) =>
    plan.topology.kind === "none"
      ? "in a network of its own image builder's machines may have public addresses"
      : undefined,
};

/** What image builder makes, beside the template itself: in the staging group, and the version in the gallery. */
const MADE = [
  "Microsoft.VirtualMachineImages/imageTemplates",
  "Microsoft.Compute/virtualMachines",
  "Microsoft.Compute/disks",
  "Microsoft.Compute/galleries/images/versions",
  "Microsoft.ContainerInstance/containerGroups",
  "Microsoft.Network/networkInterfaces",
  "Microsoft.Storage/storageAccounts",
];
/** The same towards a build VM that is reached by private link. */
const MADE_FOR_LINK = ["Microsoft.Network/loadBalancers", "Microsoft.Network/privateLinkServices"];

/** Initiatives that only audit as they come: the Microsoft cloud security benchmark, which Defender assigns everywhere. */
const AUDITING = ["1f3afdf9-d0c9-4c3d-847f-89da613e70a8"];

/** Whether an assignment denies nothing as far as it shows, by the effect that it chooses. */
function isHarmless({ definition, parameters }: PolicyAssignment): boolean {
  const effect = named(parameters, "effect");
  return (
    AUDITING.includes(definition.toLowerCase()) ||
    (typeof effect === "string" && /^(audit|auditIfNotExists|disabled)$/i.test(effect))
  );
}

/** Tags that image builder sets on a staging group by itself. */
const STAGING_TAGS = ["createdBy", "imageTemplateName", "imageTemplateResourceGroupName"];

/** The effect is the assignment's choice, and to audit by default. */
function storageIs(told: string): Judge {
  return ({ parameters }) => (isDeny(parameters) ? told : undefined);
}

const isDeny = (parameters: PolicyAssignment["parameters"]) => /^deny$/i.test(String(named(parameters, "effect")));

const regionName = (shown: unknown) => String(shown).replaceAll(" ", "");

function outsideLocations({ parameters }: PolicyAssignment, { plan }: Ground): string | undefined {
  const allowed = named(parameters, "listOfAllowedLocations");
  if (!Array.isArray(allowed) || allowed.some((one) => sameId(regionName(one), plan.location))) return undefined;
  return `it allows ${allowed.join(", ")} only, and the staging group is in ${plan.location}`;
}

function outsideTypes({ parameters }: PolicyAssignment, { plan }: Ground): string | undefined {
  const types = named(parameters, "listOfResourceTypesNotAllowed");
  if (!Array.isArray(types) || ("effect" in parameters && !isDeny(parameters))) return undefined;
  const made = plan.topology.kind === "private link" ? [...MADE, ...MADE_FOR_LINK] : MADE;
  const denied = made.filter((one) => types.some((type) => sameId(String(type), one)));
  return denied.length > 0 ? `it does not allow ${denied.join(", ")}, which a build makes` : undefined;
}

function lacksTag(own: readonly string[], { parameters }: PolicyAssignment, { plan }: Ground): string | undefined {
  const tag = named(parameters, "tagName");
  const tags = [...own, ...Object.keys(plan.template.managedResourceTags)];
  if (typeof tag !== "string" || tags.some((one) => sameId(one, tag))) return undefined;
  return `${own.length > 0 ? "the staging group" : "what is in the staging group"} would have no tag ${tag}`;
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

const isKnown = ({ definition }: PolicyAssignment) => definition.toLowerCase() in JUDGES;

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
      const { id, displayName, definition } = assignment;
      const denied = JUDGES[definition.toLowerCase()]?.(assignment, ground);
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
