import { buildSubnets } from "./ground.ts";
import { bicepProperties, updateSubnet } from "./mends.ts";
import { rule } from "./rule.ts";

export const privateLinkPolicies = rule({
  name: "private-link-policies",
  holds: "The subnet's network policies for private link services are off.",
  topologies: ["private link"],
  findings: {
    "private-link-service-policies-enabled": {
      severity: "blocks",
      owner: "network",
      why: "Image builder puts a private link service into the subnet, and fails minutes into the run where the policy is on.",
    },
  },
  check(ground, find) {
    return buildSubnets(ground).flatMap(({ id, privateLinkServiceNetworkPolicies: policies }) =>
      policies?.toLowerCase() === "disabled"
        ? []
        : [
            find("private-link-service-policies-enabled", {
              resource: id,
              seen: `privateLinkServiceNetworkPolicies is ${policies ?? "not set, which means Enabled"}.`,
              mend: "Set privateLinkServiceNetworkPolicies of the subnet to Disabled.",
              command: updateSubnet(id, "--private-link-service-network-policies", "Disabled"),
              bicep: bicepProperties(`the subnet ${id}`, { privateLinkServiceNetworkPolicies: "Disabled" }),
            }),
          ],
    );
  },
});
