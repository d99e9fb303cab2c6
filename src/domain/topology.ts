import * as z from "zod";
import { component } from "./component.ts";
import { parentOf } from "./resourceId.ts";

/** Where image builder puts its machines; subnets by their whole ids. */
export const Topology = component(
  "Topology",
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none").describe("Into a network that it makes for the build.") }),
    z.strictObject({
      kind: z
        .literal("private link")
        .describe("Into one subnet, where it reaches the build VM by a private link, a load balancer and a proxy VM."),
      subnetId: z.string(),
      proxyVmSize: z.string(),
    }),
    z.strictObject({
      kind: z
        .literal("isolated")
        .describe("Into two: packer runs in a container in the one, the build VM in the other."),
      subnetId: z.string(),
      containerInstanceSubnetId: z.string(),
    }),
  ]),
);
export type Topology = z.infer<typeof Topology>;

/** The subnets that a build is attached to: the build VM's own first. */
export function subnetsOf(topology: Topology): string[] {
  if (topology.kind === "none") return [];
  return topology.kind === "isolated" ? [topology.subnetId, topology.containerInstanceSubnetId] : [topology.subnetId];
}

/** The virtual network of those subnets, which image builder has to be allowed to join. */
export function virtualNetworkOf(topology: Topology): string | undefined {
  return topology.kind === "none" ? undefined : parentOf(topology.subnetId);
}
