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
  holds: `The subnet is a /${LONGEST_PREFIX} or larger, with an address free for each machine of the build.`,
  topologies: OWN_NETWORK,
  findings: {
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
