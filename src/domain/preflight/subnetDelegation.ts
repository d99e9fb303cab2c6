import { sameId } from "../resourceId.ts";
import { buildSubnets } from "./ground.ts";
import { bicepProperties, updateSubnet } from "./mends.ts";
import { byHand, OWN_NETWORK, rule } from "./rule.ts";

export const CONTAINER_GROUPS = "Microsoft.ContainerInstance/containerGroups";

export const subnetDelegation = rule({
  name: "subnet-delegation",
  holds: "The build VM's subnet is delegated to nothing, the container's subnet to container groups.",
  topologies: OWN_NETWORK,
  findings: {
    "subnet-delegated": {
      severity: "blocks",
      owner: "network",
      why: "A delegated subnet takes only the resources of the service that it is delegated to, not virtual machines.",
      ...byHand("To take the delegation away would break what it is for: another subnet has to be named."),
    },
    "container-subnet-not-delegated": {
      severity: "blocks",
      owner: "network",
      why: "Container groups go only into a subnet that is delegated to them; the build fails minutes into the run.",
    },
  },
  check(ground, find) {
    return buildSubnets(ground).flatMap(({ id, delegations, takes }) => {
      if (takes === "machines") {
        if (delegations.length === 0) return [];
        return [
          find("subnet-delegated", {
            resource: id,
            seen: `The subnet is delegated to ${delegations.join(", ")}.`,
            mend: "Name a subnet without delegation in vmProfile.vnetConfig.subnetId.",
          }),
        ];
      }
      if (delegations.some((name) => sameId(name, CONTAINER_GROUPS))) return [];
      return [
        find("container-subnet-not-delegated", {
          resource: id,
          seen: `The subnet is delegated to ${delegations.join(", ") || "nothing"}.`,
          mend: `Delegate the subnet to ${CONTAINER_GROUPS}, or name one that is.`,
          command: updateSubnet(id, "--delegations", CONTAINER_GROUPS),
          bicep: bicepProperties(`the subnet ${id}`, {
            delegations: [{ name: "containers", properties: { serviceName: CONTAINER_GROUPS } }],
          }),
        }),
      ];
    });
  },
});
