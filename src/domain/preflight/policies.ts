import type { Finding } from "../failure.ts";
import { sameId } from "../resourceId.ts";
import { valueOf } from "./observed.ts";
import { EVERY_TOPOLOGY, rule } from "./rule.ts";
import type { Ground } from "./ground.ts";
import type { PolicyAssignment } from "./subscription.ts";

type Judge = (assignment: PolicyAssignment, ground: Ground) => string | undefined;

const named = (parameters: PolicyAssignment["parameters"], name: string): unknown => parameters[name];

/** Azure's own policies by their definitions' names, and what of a build each would deny. */
const JUDGES: Readonly<Record<string, Judge>> = {
  // Allowed locations, and the same of resource groups.
  "e56962a6-4747-49cd-b67b-bf8b01975c4c": outsideLocations,
  "e765b5de-1225-4ba3-bd56-1ac6695af988": outsideLocations,
  // Require a tag on resources, and on resource groups.
  "871b6d14-10aa-478d-b590-94f262ecfa99": lacksTag,
  "96670d01-0a4d-4649-9c89-2d3abc0a5025": lacksTag,
  // Storage accounts should prevent shared key access.
  "8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54": ({ parameters }) =>
    /^deny$/i.test(String(named(parameters, "effect")))
      ? "image builder's staging storage allows shared keys"
      : undefined,
  // Network interfaces should not have public IPs.
  "83a86a26-fd1f-447c-b59d-e51f44264114": (_, { plan }) =>
    plan.topology.kind === "none"
      ? "in a network of its own image builder's machines may have public addresses"
      : undefined,
};

function outsideLocations({ parameters }: PolicyAssignment, { plan }: Ground): string | undefined {
  const allowed = named(parameters, "listOfAllowedLocations");
  if (!Array.isArray(allowed) || allowed.some((one) => sameId(String(one), plan.location))) return undefined;
  return `it allows ${allowed.join(", ")} only, and the staging group is in ${plan.location}`;
}

function lacksTag({ parameters }: PolicyAssignment, { plan }: Ground): string | undefined {
  const tag = named(parameters, "tagName");
  if (typeof tag !== "string" || Object.keys(plan.template.managedResourceTags).some((one) => sameId(one, tag)))
    return undefined;
  return `the staging group would have no tag ${tag}`;
}

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
  },
  check(ground, find) {
    return (valueOf(ground.policyAssignments) ?? []).flatMap((assignment): Finding[] => {
      const { id, displayName, definition, isEnforced } = assignment;
      const denied = isEnforced ? JUDGES[definition.toLowerCase()]?.(assignment, ground) : undefined;
      if (!denied) return [];
      return [
        find("policy-denies", {
          resource: id,
          seen: `The policy assignment ${displayName} is in force, and ${denied}.`,
          mend: "Exempt the staging resource groups, or set tags or location in the recipe as it asks.",
        }),
      ];
    });
  },
});
