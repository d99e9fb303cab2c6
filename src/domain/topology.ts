import { parentOf } from "./resourceId.ts";

/** Where image builder puts its machines; subnets by their whole ids. */
export type Topology =
  /** Into a network that it makes for the build. */
  | { kind: "none" }
  /** Into one subnet of the company's, where it reaches the build VM by a private link, a load balancer and a proxy VM. */
  | { kind: "private link"; subnetId: string; proxyVmSize: string }
  /** Into two: packer runs in a container in the one, the build VM in the other. */
  | { kind: "isolated"; subnetId: string; containerInstanceSubnetId: string };

/** The subnets that a build is attached to: the build VM's own first. */
export function subnetsOf(topology: Topology): string[] {
  if (topology.kind === "none") return [];
  return topology.kind === "isolated" ? [topology.subnetId, topology.containerInstanceSubnetId] : [topology.subnetId];
}

/** The virtual network of those subnets, which image builder has to be allowed to join. */
export function virtualNetworkOf(topology: Topology): string | undefined {
  return topology.kind === "none" ? undefined : parentOf(topology.subnetId);
}
