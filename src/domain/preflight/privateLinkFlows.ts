import type { Finding } from "../failure.ts";
import { type Endpoint, endpointOf, spaceOf } from "../network/endpoint.ts";
import { freePriority } from "../network/freePriority.ts";
import type { NetworkSecurityGroup, VirtualNetworkSpace } from "../network/observed.ts";
import { type Flow, groupOf, type Verdict, verdictOf } from "../network/securityGroups.ts";

/** What was read of a build's subnet for the flows that image builder needs in it. */
export interface ObservedFlows {
  subnetId: string;
  addressPrefixes: readonly string[];
  space: VirtualNetworkSpace;
  /** Undefined where the subnet has none; "unreadable" where Azure did not show it. */
  securityGroup: NetworkSecurityGroup | "unreadable" | undefined;
}

/** A flow that a build with private link needs, in image builder's own words. */
interface Needed {
  name: string;
  direction: Flow["direction"];
  /** "subnet", or a service tag. */
  from: string;
  to: string;
  port: number;
  why: string;
}

/** Of a Linux build: load balancer and private link to the proxy VM, from there to the build VM, and out. */
const NEEDED: readonly Needed[] = [
  need("probe-of-proxy", "Inbound", "AzureLoadBalancer", "subnet", 60001, "The load balancer probes the proxy VM."),
  need("link-to-proxy", "Inbound", "subnet", "subnet", 60001, "The private link address reaches the proxy VM."),
  need("proxy-to-build", "Inbound", "subnet", "subnet", 22, "The proxy VM reaches the build VM."),
  need("proxy-to-build-out", "Outbound", "subnet", "subnet", 22, "The proxy VM reaches the build VM."),
  need("https-out", "Outbound", "subnet", "Internet", 443, "The build VM reaches storage and its downloads."),
];

function need(name: string, direction: Flow["direction"], from: string, to: string, port: number, why: string): Needed {
  return { name, direction, from, to, port, why };
}

/** Which of the flows that a build needs its subnet's network security group does not let pass, or may not. */
export function checkPrivateLinkFlows(observed: ObservedFlows): Finding[] {
  const { subnetId, securityGroup, space } = observed;
  if (securityGroup === undefined) return [];
  if (securityGroup === "unreadable") {
    return [
      {
        code: "security-group-unreadable",
        severity: "warns",
        resource: subnetId,
        seen: "The network security group of the subnet cannot be read.",
        why: "A rule that keeps the proxy VM from the build VM fails the build after minutes.",
        mend: "Give the service's identity the network reader role on the group's resource group.",
        owner: "identity",
      },
    ];
  }
  const group = groupOf(securityGroup);
  const read = spaceOf(space);
  return NEEDED.flatMap((needed) =>
    observed.addressPrefixes.flatMap((prefix) => {
      const side = (text: string): Endpoint => endpointOf(text === "subnet" ? prefix : text);
      const { direction, port } = needed;
      const flow: Flow = { direction, protocol: "Tcp", source: side(needed.from), destination: side(needed.to), port };
      const verdict = verdictOf(group, flow, read);
      return verdict.kind === "allowed" ? [] : [findingOf(needed, verdict, securityGroup)];
    }),
  );
}

/** As rules have it: a subnet is of its network. */
function tag(side: string): string {
  return side === "subnet" ? "VirtualNetwork" : side;
}

function findingOf(needed: Needed, { kind, rule }: Verdict, group: NetworkSecurityGroup): Finding {
  const { name, direction, from, to, port, why } = needed;
  const denied = kind === "denied";
  const [, , , , resourceGroup = "", , , , groupName = ""] = (group.id ?? "").split("/");
  const priority = freePriority(group, direction, rule?.priority);
  return {
    code: denied ? "flow-denied" : "flow-undecided",
    severity: denied ? "blocks" : "warns",
    resource: group.id ?? "",
    seen: `${direction} TCP ${port} from ${tag(from)} to ${tag(to)} is ${denied ? "denied" : "not certain to pass"}, by the rule ${rule?.name ?? "that is first"}.`,
    why,
    mend:
      priority === undefined
        ? `Make room before the rule ${rule?.name} for one that allows it: no priority before it is free.`
        : `az network nsg rule create --resource-group ${resourceGroup} --nsg-name ${groupName} --name allow-${name} ` +
          `--priority ${priority} --direction ${direction} --access Allow --protocol Tcp ` +
          `--source-address-prefixes ${tag(from)} --destination-address-prefixes ${tag(to)} --destination-port-ranges ${port}`,
    owner: "network",
  };
}
