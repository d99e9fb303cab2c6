import { firewallNames } from "./firewallNames.ts";
import { networkPlace } from "./networkPlace.ts";
import { privateLinkPolicies } from "./privateLinkPolicies.ts";
import { readable } from "./readable.ts";
import type { Rule } from "./rule.ts";
import { securityGroupFlows } from "./securityGroupFlows.ts";
import { subnetDelegation } from "./subnetDelegation.ts";
import { subnetExists } from "./subnetExists.ts";
import { subnetSpace } from "./subnetSpace.ts";
import { wayOut } from "./wayOut.ts";

/** Every rule, by what it is about, in the order in which findings are told. */
export const CATALOGUE: readonly { subject: string; rules: readonly Rule[] }[] = [
  { subject: "Seeing", rules: [readable] },
  {
    subject: "Network",
    rules: [
      subnetExists,
      networkPlace,
      privateLinkPolicies,
      subnetDelegation,
      subnetSpace,
      securityGroupFlows,
      wayOut,
      firewallNames,
    ],
  },
];

export const RULES: readonly Rule[] = CATALOGUE.flatMap(({ rules }) => rules);
