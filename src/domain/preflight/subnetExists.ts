import { parentOf, sameId } from "../resourceId.ts";
import { nameOf } from "./mends.ts";
import { OWN_NETWORK, rule } from "./rule.ts";

export const subnetExists = rule({
  name: "subnet-exists",
  holds: "The virtual network and the subnets that the recipe names are there.",
  topologies: OWN_NETWORK,
  findings: {
    "subnet-not-found": {
      severity: "blocks",
      owner: "requester",
      why: "The build VM is attached to this subnet, and its proxy where there is one.",
    },
    "container-subnet-not-found": {
      severity: "blocks",
      owner: "requester",
      why: "The container in which packer runs is attached to this subnet.",
    },
  },
  check({ plan, virtualNetwork }, find) {
    const { topology } = plan;
    if (topology.kind === "none") return [];
    const known = virtualNetwork.kind === "found" ? virtualNetwork.value.subnets.map(({ id }) => id) : [];
    if (virtualNetwork.kind !== "found" && virtualNetwork.kind !== "absent") return [];
    const missing = (code: "subnet-not-found" | "container-subnet-not-found", id: string, field: string) =>
      known.some((one) => sameId(one, id))
        ? []
        : [
            find(code, {
              resource: id,
              seen:
                virtualNetwork.kind === "absent"
                  ? `There is no virtual network ${nameOf(parentOf(id))}.`
                  : `The virtual network ${nameOf(parentOf(id))} has no subnet ${nameOf(id)}.`,
              mend: `Correct ${field} in the recipe, or create the subnet.`,
            }),
          ];
    return [
      ...missing("subnet-not-found", topology.subnetId, "vmProfile.vnetConfig.subnetId"),
      ...(topology.kind === "isolated" && virtualNetwork.kind === "found"
        ? missing(
            "container-subnet-not-found",
            topology.containerInstanceSubnetId,
            "vmProfile.vnetConfig.containerInstanceSubnetId",
          )
        : []),
    ];
  },
});
