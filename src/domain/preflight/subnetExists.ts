import { parentOf, sameId } from "../resourceId.ts";
import { freePrefix } from "./freePrefix.ts";
import { az, bicepChild, nameOf, whereOf } from "./mends.ts";
import { byHand, OWN_NETWORK, rule, type Sight } from "./rule.ts";
import { CONTAINER_GROUPS } from "./subnetDelegation.ts";
import { LONGEST_PREFIX } from "./subnetSpace.ts";
import type { VirtualNetwork } from "./virtualNetwork.ts";

const PLANNED = byHand("Where no network is there, or no room in it, its owners have to plan one.");

type Code = "subnet-not-found" | "container-subnet-not-found";

export const subnetExists = rule({
  name: "subnet-exists",
  holds: "The virtual network and the subnets that the recipe names are there.",
  topologies: OWN_NETWORK,
  findings: {
    "subnet-not-found": {
      severity: "blocks",
      owner: "requester",
      why: "The build VM is attached to this subnet, and its proxy where there is one.",
      ...PLANNED,
    },
    "container-subnet-not-found": {
      severity: "blocks",
      owner: "requester",
      why: "The container in which packer runs is attached to this subnet.",
      ...PLANNED,
    },
  },
  check({ plan, virtualNetwork }, find) {
    const { topology } = plan;
    if (topology.kind === "none") return [];
    const known = virtualNetwork.kind === "found" ? virtualNetwork.value.subnets.map(({ id }) => id) : [];
    if (virtualNetwork.kind !== "found" && virtualNetwork.kind !== "absent") return [];
    const missing = (code: Code, id: string, field: string) =>
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
              ...(virtualNetwork.kind === "found" && creation(id, virtualNetwork.value, code)),
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

/** Makes the subnet in the first addresses that are free, as large as this service asks for. */
function creation(id: string, network: VirtualNetwork, code: Code): Pick<Sight, "command" | "bicep"> {
  const taken = network.subnets.flatMap(({ addressPrefixes }) => addressPrefixes);
  const prefix = freePrefix(network.addressPrefixes, taken, LONGEST_PREFIX);
  if (!prefix) return {};
  const [vnet, name] = [nameOf(network.id), nameOf(id)];
  const isContainers = code === "container-subnet-not-found";
  return {
    command: az`network vnet subnet create ${whereOf(network.id)} ${{
      "vnet-name": vnet,
      name,
      "address-prefixes": prefix,
      ...(isContainers ? { delegations: CONTAINER_GROUPS } : { "private-link-service-network-policies": "Disabled" }),
    }}`,
    bicep: bicepChild(network.id, "subnet", "Microsoft.Network/virtualNetworks/subnets@2024-05-01", {
      name: `${vnet}/${name}`,
      properties: {
        addressPrefix: prefix,
        ...(isContainers
          ? { delegations: [{ name: "containers", properties: { serviceName: CONTAINER_GROUPS } }] }
          : { privateLinkServiceNetworkPolicies: "Disabled" }),
      },
    }),
  };
}
