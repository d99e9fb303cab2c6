import { regions } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import type { Json } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";
import { defaultRulesOf, EVERY_LIST, rangesSince } from "./defaultSecurityRules.ts";
import { securityGroupInUse } from "./errors.ts";
import { siblingsOf, usedBy } from "./references.ts";
import { requireRules } from "./securityRuleChecks.ts";
import { groupShape, ruleShape } from "./shapes.ts";
import { networkWrites } from "./writes.ts";

const GROUP_TYPE = "Microsoft.Network/networkSecurityGroups";
const RULE_TYPE = `${GROUP_TYPE}/securityRules`;

const users = usedBy(
  "networkSecurityGroup",
  { networkInterfaces: "Microsoft.Network/networkInterfaces", subnets: "Microsoft.Network/virtualNetworks/subnets" },
  securityGroupInUse,
);

export const networkSecurityGroups: ResourceType = {
  type: GROUP_TYPE,
  apiVersions,
  since: {
    "properties.defaultSecurityRules.type": "2020-08-01",
    ...rangesSince("properties.defaultSecurityRules.properties."),
  },
  tracked: true,
  locations: regions,
  shape: groupShape,
  expands: ["networkInterfaces", "subnets"],
  longRunning: networkWrites,
  etag: true,
  resourceGuid: true,
  setByAzure: ["defaultSecurityRules", "flowLogs", "networkInterfaces", "subnets"],
  inline: { securityRules: RULE_TYPE },
  check: (_azure, _group, rules) => requireRules(rules),
  requireUnused: users.requireUnused,
  present: (azure, group, query) => ({
    defaultSecurityRules: defaultRulesOf(azure, group),
    ...users.present(azure, group, query),
  }),
};

export const securityRules: ResourceType = {
  type: RULE_TYPE,
  apiVersions,
  since: { type: "2020-08-01", ...rangesSince("properties.") },
  shape: ruleShape,
  longRunning: networkWrites,
  etag: true,
  complete(_azure, { body }) {
    body.properties = { ...EVERY_LIST, ...(body.properties as Json) };
  },
  check(azure, rule) {
    requireRules([...siblingsOf(azure, rule), rule]);
  },
};
