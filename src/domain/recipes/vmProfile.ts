import * as z from "zod";
import { parentOf, sameId } from "../resourceId.ts";
import { idOf } from "./fields.ts";

const subnet = idOf("Microsoft.Network/virtualNetworks/subnets");
const subnetExample = (name: string) =>
  `/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-builds/subnets/${name}`;

const vnetConfig = z
  .strictObject({
    subnetId: subnet
      .exactOptional()
      .describe("For the build VM; alone, also for the private link, the load balancer and the proxy VM.")
      .meta({ examples: [subnetExample("snet-builds")] }),
    containerInstanceSubnetId: subnet
      .exactOptional()
      .describe("A second subnet, for packer's container: then there is no proxy VM and no private link.")
      .meta({ examples: [subnetExample("snet-containers")] }),
    proxyVmSize: z
      .string()
      .min(1)
      .exactOptional()
      .describe("Of the proxy VM that goes into a single subnet; `Standard_A1_v2` unless told."),
  })
  .superRefine(checkTopology)
  .describe("The network of the build; without it image builder makes one.");

type Attached = Partial<Record<"subnetId" | "containerInstanceSubnetId" | "proxyVmSize", string | undefined>>;

/** What image builder asks of the subnets together; it refuses the template otherwise. */
function checkTopology(vnet: Attached, context: z.RefinementCtx<Attached>): void {
  const { subnetId, containerInstanceSubnetId, proxyVmSize } = vnet;
  const fault = (path: keyof Attached, message: string) => context.addIssue({ code: "custom", path: [path], message });
  if (proxyVmSize && !subnetId) fault("proxyVmSize", "needs a subnetId: there is no proxy VM without one");
  if (!containerInstanceSubnetId) return;
  if (proxyVmSize) fault("proxyVmSize", "goes without containerInstanceSubnetId: there is no proxy VM with it");
  if (!subnetId) return fault("containerInstanceSubnetId", "needs a subnetId, for the build VM");
  const sameNetwork = sameId(parentOf(subnetId), parentOf(containerInstanceSubnetId));
  if (!sameNetwork || sameId(subnetId, containerInstanceSubnetId)) {
    fault("containerInstanceSubnetId", "must be another subnet of the same virtual network, its id written alike");
  }
}

export const vmProfile = z
  .strictObject({
    vmSize: z
      .string()
      .min(1)
      .describe("Size of the build VM.")
      .meta({ examples: ["Standard_D2s_v5"] }),
    osDiskSizeGB: z.int().min(0).max(4095).default(0).describe("Of its disk; 0 for the source's own size."),
    userAssignedIdentities: z
      .array(idOf("Microsoft.ManagedIdentity/userAssignedIdentities"))
      .min(1)
      .exactOptional()
      .describe("Identities that scripts can act as on the build VM, of the trust zone's `vmIdentities`."),
    vnetConfig: vnetConfig.exactOptional(),
  })
  .describe("The machine that the image is built on.");
