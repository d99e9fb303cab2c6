import { acceptance } from "./acceptance.ts";
import { firewallNames } from "./firewallNames.ts";
import { builderIdentity } from "./builderIdentity.ts";
import { destination } from "./destination.ts";
import { endpointPolicies } from "./endpointPolicies.ts";
import { granting } from "./granting.ts";
import { leasedRoles } from "./leasedRoles.ts";
import { networkRequired } from "./networkRequired.ts";
import { policies } from "./policies.ts";
import { purchasePlan } from "./purchasePlan.ts";
import { quotas } from "./quotas.ts";
import { registrations } from "./registrations.ts";
import { serviceRights } from "./serviceRights.ts";
import { source } from "./source.ts";
import { sourceReading } from "./sourceReading.ts";
import { networkPlace } from "./networkPlace.ts";
import { privateLinkPolicies } from "./privateLinkPolicies.ts";
import { readable } from "./readable.ts";
import type { Rule } from "./rule.ts";
import { scriptContainers } from "./scriptContainers.ts";
import { scripts } from "./scripts.ts";
import { securityGroupFlows } from "./securityGroupFlows.ts";
import { subnetDelegation } from "./subnetDelegation.ts";
import { subnetExists } from "./subnetExists.ts";
import { subnetSpace } from "./subnetSpace.ts";
import { targetRegions } from "./targetRegions.ts";
import { versionNumber } from "./versionNumber.ts";
import { vmIdentities } from "./vmIdentities.ts";
import { vmSize } from "./vmSize.ts";
import { wayOut } from "./wayOut.ts";
import { wayWithin } from "./wayWithin.ts";

interface Chapter {
  subject: string;
  rules: readonly Rule[];
}

const OF_THE_GROUND: readonly Chapter[] = [
  { subject: "Seeing", rules: [readable] },
  {
    subject: "Network",
    rules: [
      networkRequired,
      subnetExists,
      networkPlace,
      privateLinkPolicies,
      subnetDelegation,
      subnetSpace,
      securityGroupFlows,
      wayWithin,
      wayOut,
      endpointPolicies,
      firewallNames,
    ],
  },
  { subject: "Access", rules: [builderIdentity, leasedRoles, granting, serviceRights, vmIdentities] },
  {
    subject: "Source and destination",
    rules: [source, sourceReading, purchasePlan, vmSize, destination, targetRegions, versionNumber],
  },
  { subject: "Scripts", rules: [scripts, scriptContainers] },
  { subject: "Subscription", rules: [registrations, quotas, policies] },
];

/** Every rule, by what it is about, in the order in which findings are told. */
export const CATALOGUE: readonly Chapter[] = [
  ...OF_THE_GROUND,
  { subject: "Recipe", rules: [acceptance(OF_THE_GROUND.flatMap(({ rules }) => rules))] },
];

export const RULES: readonly Rule[] = CATALOGUE.flatMap(({ rules }) => rules);
