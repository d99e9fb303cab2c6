import { sameId } from "../resourceId.ts";
import { buildSubnets, type BuildSubnet, type Ground } from "./ground.ts";
import { valueOf } from "./observed.ts";
import { byHand, OWN_NETWORK, rule } from "./rule.ts";

/** Our own policy: Microsoft publishes no smallest subnet for image builder. */
export const LONGEST_PREFIX = 28;

/** Addresses that a build takes in a subnet, and for what. */
function needOf({ plan }: Ground, { takes }: BuildSubnet): { count: number; takers: string } {
  if (plan.topology.kind === "private link")
    return { count: 4, takers: "Load balancer, proxy VM, private link service and build VM take 4." };
  return { count: 1, takers: takes === "machines" ? "The build VM takes 1." : "Packer's container takes 1." };
}

export const subnetSpace = rule({
  name: "subnet-space",
  holds: `The subnet has IPv4 addresses, a /${LONGEST_PREFIX} of them or more, and one free for each machine of the build.`,
  topologies: OWN_NETWORK,
  findings: {
    "subnet-without-ipv4": {
      severity: "blocks",
      owner: "network",
      why: "Azure makes no machine without an IPv4 address (azure-docs, virtual-network, ipv6-overview), and no container group with another. Rules and routes of such a subnet are not judged.",
      ...byHand("Which IPv4 addresses are free for the subnet is for the network's owners to say."),
    },
    "subnet-prefix-unknown": {
      severity: "warns",
      owner: "network",
      why: "Rules and routes are judged by the subnet's addresses, which are not known.",
      ...byHand("Why no prefix is shown is not known here."),
    },
    "subnet-too-small": {
      severity: "blocks",
      owner: "network",
      why: `A build takes 4 addresses and Azure keeps 5, so this service asks for a /${LONGEST_PREFIX} or larger.`,
      ...byHand("Which addresses a larger subnet is to have is for the network's owners to say."),
    },
    "too-few-free-addresses": {
      severity: "blocks",
      owner: "network",
      why: "Image builder cannot attach its machines where no address is free, and fails minutes into the run.",
      ...byHand("What in the subnet is no longer used is not known here."),
    },
  },
  check(ground, find) {
    const usages = valueOf(ground.subnetUsages) ?? [];
    return buildSubnets(ground).flatMap((subnet) => {
      const { id, addressPrefixes } = subnet;
      const findings = [];
      if (addressPrefixes.length === 0) {
        const mend = "Look at the subnet: what goes in and out of it is not judged.";
        findings.push(find("subnet-prefix-unknown", { resource: id, seen: "The subnet shows no prefix.", mend }));
      } else if (addressPrefixes.every((prefix) => prefix.includes(":"))) {
        const mend = "Give the subnet an IPv4 prefix, or name another one.";
        const seen = `The subnet is ${addressPrefixes.join(", ")}.`;
        findings.push(find("subnet-without-ipv4", { resource: id, seen, mend }));
      }
      const lengths = addressPrefixes.filter((prefix) => !prefix.includes(":")).map((one) => Number(one.split("/")[1]));
      if (
        ground.plan.topology.kind === "private link" &&
        lengths.length > 0 &&
        lengths.every((one) => one > LONGEST_PREFIX)
      ) {
        findings.push(
          find("subnet-too-small", {
            resource: id,
            seen: `The subnet is ${addressPrefixes.join(", ")}.`,
            mend: `Use a subnet of at least /${LONGEST_PREFIX}.`,
          }),
        );
      }
      const free = usages.find(({ subnetId }) => sameId(subnetId, id))?.free;
      const { count, takers } = needOf(ground, subnet);
      if (free !== undefined && free < count) {
        findings.push(
          find("too-few-free-addresses", {
            resource: id,
            seen: `${free} addresses are free. ${takers}`,
            mend: "Remove what is no longer used from the subnet, or name a larger one.",
          }),
        );
      }
      return findings;
    });
  },
});
