import { buildOfAttempt } from "../buildId.ts";
import type { Finding } from "../failure.ts";
import { roleAssignmentId } from "../grant.ts";
import { sameId } from "../resourceId.ts";
import { az, bicepChild, nameOf, takeAway, whereOf } from "./mends.ts";
import { valueOf } from "./observed.ts";
import { EVERY_TOPOLOGY, IN_SETTINGS, rule, type Sight, TAKEN_AWAY } from "./rule.ts";

/** The built-in role Contributor, which image builder gives the identity on each staging group. */
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";

/** Ours are named after their attempt, those that image builder names begin with IT_. */
function isStagingGroup(scope: string): boolean {
  const [, name = ""] = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)$/i.exec(scope) ?? [];
  return /^it_/i.test(name) || (/-staging$/i.test(name) && buildOfAttempt(name.toLowerCase()) !== undefined);
}

export const builderIdentity = rule({
  name: "builder-identity",
  holds: "The builder identity is there, is the one that the settings name, and holds nothing at rest.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "builder-not-found": {
      severity: "blocks",
      owner: "identity",
      why: "Image builder acts as this identity; without it no template can be made.",
    },
    "builder-differs": {
      severity: "blocks",
      owner: "platform",
      why: "The identity was made anew: what is granted to its old object id is granted to nobody.",
      ...IN_SETTINGS,
    },
    "builder-federated": {
      severity: "blocks",
      owner: "identity",
      why: "Whoever has a token of that issuer can act as the builder while a build's access lasts.",
      ...TAKEN_AWAY,
    },
    "builder-standing-grant": {
      severity: "blocks",
      owner: "identity",
      why: "The builder is to hold nothing while no build runs: this outlives every build, and is not the service's to remove. Who has to put up with it accepts that very role assignment until a date, in the settings.",
      ...TAKEN_AWAY,
    },
    "builder-grant-without-lease": {
      severity: "warns",
      owner: "identity",
      why: "A build that has just ended held it; or the service has lost it out of sight, or somebody made it under that name, and then the builder holds it at rest.",
      ...TAKEN_AWAY,
    },
  },
  check({ plan, builder, federatedCredentials, builderAssignments, ledger, acceptedGrants }, find) {
    const findings: Finding[] = [];
    const { builderPrincipalId: principalId } = plan;
    if (builder.kind === "absent") {
      const mend = "Make the identity, or name the one there is in the zone's builder in GOLDSMITH_TRUST_ZONES.";
      findings.push(
        find("builder-not-found", {
          resource: builder.resource,
          seen: "There is no such identity.",
          mend,
          ...creation(builder.resource, plan.location),
        }),
      );
    }
    const seen = valueOf(builder)?.principalId;
    if (seen && !sameId(seen, principalId)) {
      findings.push(
        find("builder-differs", {
          resource: builder.resource,
          seen: `Its object id is ${seen}, the settings say ${principalId}.`,
          mend: "Write the object id of today into the zone's builder in GOLDSMITH_TRUST_ZONES.",
        }),
      );
    }
    for (const name of valueOf(federatedCredentials) ?? []) {
      findings.push(
        find("builder-federated", {
          resource: builder.resource,
          seen: `It has the federated identity credential ${name}.`,
          mend: "Delete the credential.",
          command: az`identity federated-credential delete ${whereOf(builder.resource)} --identity-name ${nameOf(builder.resource)} --name ${name} --yes`,
        }),
      );
    }
    const known = [...ledger, ...acceptedGrants];
    const own = plan.grants.map(roleAssignmentId);
    for (const assignment of valueOf(builderAssignments) ?? []) {
      const { id, scope, roleDefinition } = assignment;
      const isImageBuilders = sameId(roleDefinition, CONTRIBUTOR) && isStagingGroup(scope);
      if (isImageBuilders || known.some((one) => sameId(one, id))) continue;
      const { mend, command } = takeAway(assignment);
      if (own.some((one) => sameId(one, id))) {
        findings.push(
          find("builder-grant-without-lease", {
            resource: id,
            seen: `The builder holds the role ${roleDefinition} on ${scope}, under the name of this build's own grant, and no build leases it.`,
            mend: `${mend}, where it is still there in an hour and no build is running.`,
            command,
          }),
        );
        continue;
      }
      findings.push(
        find("builder-standing-grant", {
          resource: id,
          seen: `The builder holds the role ${roleDefinition} on ${scope}, by nobody's lease.`,
          mend: `${mend}, or accept that very role assignment until a date in GOLDSMITH_ACCEPTED_GRANTS.`,
          command,
        }),
      );
    }
    return findings;
  },
});

function creation(id: string, location: string): Pick<Sight, "command" | "bicep"> {
  const name = nameOf(id);
  const type = "Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31";
  return {
    command: az`identity create ${whereOf(id)} ${{ name, location }}`,
    bicep: bicepChild(id, "builder", type, { name, location }),
  };
}
