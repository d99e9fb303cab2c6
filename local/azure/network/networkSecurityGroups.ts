import type { ResourceType } from "../arm/resourceType.ts";
import type { Json } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";

const RULE_TYPE = "Microsoft.Network/networkSecurityGroups/securityRules";

export const networkSecurityGroups: ResourceType = {
  type: "Microsoft.Network/networkSecurityGroups",
  apiVersions,
  tracked: true,
  inline: { securityRules: RULE_TYPE },
  present: (_azure, { id }) => ({
    defaultSecurityRules: [
      rule(id, "AllowVnetInBound", "Inbound", 65000, "VirtualNetwork", "VirtualNetwork", "Allow"),
      rule(id, "AllowAzureLoadBalancerInBound", "Inbound", 65001, "AzureLoadBalancer", "*", "Allow"),
      rule(id, "DenyAllInBound", "Inbound", 65500, "*", "*", "Deny"),
      rule(id, "AllowVnetOutBound", "Outbound", 65000, "VirtualNetwork", "VirtualNetwork", "Allow"),
      rule(id, "AllowInternetOutBound", "Outbound", 65001, "*", "Internet", "Allow"),
      rule(id, "DenyAllOutBound", "Outbound", 65500, "*", "*", "Deny"),
    ],
  }),
};

export const securityRules: ResourceType = { type: RULE_TYPE, apiVersions };

function rule(
  group: string,
  name: string,
  direction: "Inbound" | "Outbound",
  priority: number,
  sourceAddressPrefix: string,
  destinationAddressPrefix: string,
  access: "Allow" | "Deny",
): Json {
  return {
    name,
    id: `${group}/defaultSecurityRules/${name}`,
    type: "Microsoft.Network/networkSecurityGroups/defaultSecurityRules",
    properties: {
      provisioningState: "Succeeded",
      protocol: "*",
      sourcePortRange: "*",
      destinationPortRange: "*",
      sourceAddressPrefix,
      destinationAddressPrefix,
      access,
      priority,
      direction,
      sourcePortRanges: [],
      destinationPortRanges: [],
      sourceAddressPrefixes: [],
      destinationAddressPrefixes: [],
    },
  };
}
