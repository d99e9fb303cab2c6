import type { Finding } from "./failure.ts";
import type { NetworkSecurityGroup, Route, VirtualNetworkSpace } from "./network/observed.ts";
import { checkPrivateLinkFlows } from "./preflight/privateLinkFlows.ts";
import { checkWayOut } from "./preflight/wayOut.ts";
import { parentOf } from "./resourceId.ts";

/** What was read of the virtual network that a recipe's subnet lies in; undefined where it does not exist. */
export interface ObservedNetwork {
  location: string;
  /** What the service tag VirtualNetwork stands for here. */
  space: VirtualNetworkSpace;
  subnets: ObservedSubnet[];
}

export interface ObservedSubnet {
  id: string;
  addressPrefixes: string[];
  privateLinkServiceNetworkPolicies: string | undefined;
  delegations: string[];
  /** Undefined where the subnet has none; "unreadable" where Azure did not show it. */
  securityGroup: NetworkSecurityGroup | "unreadable" | undefined;
  /** Of its route table; empty where it has none. */
  routes: readonly Route[] | "unreadable";
  hasNatGateway: boolean;
  defaultOutboundAccess: boolean;
  /** Addresses that can still be taken: Azure's own five are not among them. Undefined where Azure did not tell. */
  freeAddresses: number | undefined;
}

/** Load balancer, proxy VM, private link service and build VM take one each. */
const ADDRESSES_NEEDED = 4;
/** Our own policy: Microsoft publishes no smallest subnet for image builder. */
const LONGEST_PREFIX = 28;

/**
 * Checks the subnet for a build with private link: what image builder itself would find out minutes into the run, or
 * not say at all.
 */
export function checkSubnet(
  subnetId: string,
  templateLocation: string,
  network: ObservedNetwork | undefined,
): Finding[] {
  const blocks = (code: string, seen: string, why: string, mend: string): Finding => ({
    code,
    severity: "blocks",
    resource: subnetId,
    seen,
    why,
    mend,
    owner: "network",
  });
  const [virtualNetwork, subnetName] = [parentOf(subnetId).split("/").at(-1), subnetId.split("/").at(-1)];
  const inNetwork = `--resource-group ${subnetId.split("/")[4]} --vnet-name ${virtualNetwork} --name ${subnetName}`;

  const subnet = network?.subnets.find(({ id }) => id.toLowerCase() === subnetId.toLowerCase());
  if (!network || !subnet) {
    return [
      blocks(
        "subnet-not-found",
        network
          ? `The virtual network ${virtualNetwork} has no subnet ${subnetName}.`
          : "There is no such virtual network.",
        "The build VM and its proxy are attached to this subnet.",
        "Correct vm.subnetId in the recipe, or create the subnet.",
      ),
    ];
  }

  const findings: Finding[] = [];
  if (network.location.toLowerCase() !== templateLocation.toLowerCase()) {
    findings.push(
      blocks(
        "network-in-other-region",
        `The virtual network is in ${network.location}, the template in ${templateLocation}.`,
        "Image builder attaches only to a virtual network in the template's own region.",
        `Set the recipe's location to ${network.location}, or name a subnet in ${templateLocation}.`,
      ),
    );
  }
  if (subnet.privateLinkServiceNetworkPolicies?.toLowerCase() !== "disabled") {
    findings.push(
      blocks(
        "private-link-service-policies-enabled",
        `privateLinkServiceNetworkPolicies is ${subnet.privateLinkServiceNetworkPolicies ?? "not set, which means Enabled"}.`,
        "Image builder puts a private link service into the subnet, and fails minutes into the run where the policy is on.",
        `az network vnet subnet update ${inNetwork} --private-link-service-network-policies Disabled`,
      ),
    );
  }
  if (subnet.delegations.length > 0) {
    findings.push(
      blocks(
        "subnet-delegated",
        `The subnet is delegated to ${subnet.delegations.join(", ")}.`,
        "A delegated subnet takes only the resources of the service that it is delegated to, not virtual machines.",
        "Name a subnet without delegation in vm.subnetId.",
      ),
    );
  }
  const prefixLengths = subnet.addressPrefixes.map((prefix) => Number(prefix.split("/")[1]));
  if (prefixLengths.length > 0 && prefixLengths.every((length) => length > LONGEST_PREFIX)) {
    findings.push(
      blocks(
        "subnet-too-small",
        `The subnet is ${subnet.addressPrefixes.join(", ")}.`,
        `Builds take ${ADDRESSES_NEEDED} addresses and Azure keeps 5, so this service asks for a /${LONGEST_PREFIX} or larger.`,
        `Use a subnet of at least /${LONGEST_PREFIX}.`,
      ),
    );
  }
  if (subnet.freeAddresses !== undefined && subnet.freeAddresses < ADDRESSES_NEEDED) {
    findings.push(
      blocks(
        "too-few-free-addresses",
        `${subnet.freeAddresses} addresses are free.`,
        `Load balancer, proxy VM, private link service and build VM take ${ADDRESSES_NEEDED}.`,
        "Remove what is no longer used from the subnet, or name a larger one.",
      ),
    );
  }
  const { space } = network;
  findings.push(...checkPrivateLinkFlows({ ...subnet, subnetId, space }));
  findings.push(...checkWayOut({ ...subnet, subnetId, network: space.prefixes, mayLearnRoutes: !space.isComplete }));
  return findings;
}
