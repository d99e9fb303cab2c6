import { parseResourceId, sameId } from "../resourceId.ts";
import { valueOf } from "./observed.ts";
import { byHand, IN_RECIPE, OWN_NETWORK, rule } from "./rule.ts";
import { subscriptionIdOf } from "./subscription.ts";

export const networkPlace = rule({
  name: "network-place",
  holds: "The virtual network is in the template's region, and in its subscription.",
  topologies: OWN_NETWORK,
  findings: {
    "network-in-other-region": {
      severity: "blocks",
      owner: "network",
      why: "Image builder attaches only to a virtual network in the template's own region.",
      ...byHand("A network stays in its region: the recipe has to change."),
    },
    "network-in-other-subscription": {
      severity: "warns",
      owner: "identity",
      why: "Image builder can do it, but the rights of two subscriptions have to fit.",
      ...byHand("What roles there are in the other subscription is not read."),
    },
    "container-subnet-in-other-subscription": {
      severity: "blocks",
      owner: "requester",
      why: "Container groups go into subnets of their own subscription only, and packer's container is of the template's.",
      ...IN_RECIPE,
    },
  },
  check({ plan, virtualNetwork }, find) {
    const network = valueOf(virtualNetwork);
    if (!network) return [];
    const findings = [];
    // Azure also takes and shows a region by its display name.
    const location = network.location.toLowerCase().replaceAll(" ", "");
    if (!sameId(location, plan.location)) {
      findings.push(
        find("network-in-other-region", {
          resource: network.id,
          seen: `The virtual network is in ${network.location}, the template in ${plan.location}.`,
          mend: `Set the recipe's location to ${location}, or name a subnet in ${plan.location}.`,
        }),
      );
    }
    const theirs = parseResourceId(network.id)?.subscriptionId ?? "";
    const ours = subscriptionIdOf(plan);
    const seen = `The virtual network is in the subscription ${theirs}, the template in ${ours}.`;
    if (theirs && !sameId(theirs, ours) && plan.topology.kind === "isolated") {
      findings.push(
        find("container-subnet-in-other-subscription", {
          resource: plan.topology.containerInstanceSubnetId,
          seen,
          mend: "Name subnets of the template's own subscription, or leave vmProfile.vnetConfig.containerInstanceSubnetId out: with private link, the network may be of another.",
        }),
      );
    } else if (theirs && !sameId(theirs, ours)) {
      findings.push(
        find("network-in-other-subscription", {
          resource: network.id,
          seen,
          mend:
            "Make the network join role assignable in that subscription, and give the service's identity the network " +
            "reader and granter roles there; or name a subnet of the template's own subscription.",
        }),
      );
    }
    return findings;
  },
});
