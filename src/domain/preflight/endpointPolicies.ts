import { endpointsHold } from "../network/serviceEndpoints.ts";
import { buildSubnets } from "./ground.ts";
import { nameOf } from "./mends.ts";
import { byHand, OWN_NETWORK, rule } from "./rule.ts";
import { ownStorage } from "./ways.ts";

export const endpointPolicies = rule({
  name: "endpoint-policies",
  holds: "No service endpoint policy keeps the subnets from image builder's own storage account.",
  topologies: OWN_NETWORK,
  findings: {
    "storage-behind-endpoint-policy": {
      severity: "warns",
      owner: "network",
      why: "Image builder's storage account is new with each template: a policy that lists accounts denies it, and scripts are neither fetched nor logs written.",
      ...byHand("Which accounts a policy lists is not read here."),
    },
  },
  check(ground, find) {
    const tag = ownStorage(ground.plan.location);
    return buildSubnets(ground)
      .filter(({ endpointPolicyIds, serviceEndpoints }) => {
        return endpointPolicyIds.length > 0 && endpointsHold(serviceEndpoints, tag) !== "none";
      })
      .map(({ id, endpointPolicyIds }) =>
        find("storage-behind-endpoint-policy", {
          resource: id,
          seen: `The subnet reaches storage by a service endpoint with the policy ${endpointPolicyIds.map(nameOf).join(", ")}.`,
          mend: "Let the policy list the subscription of the templates, or take it off this subnet.",
        }),
      );
  },
});
