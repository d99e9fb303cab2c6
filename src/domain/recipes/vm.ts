import { z } from "zod";
import { parentOf, sameId } from "../resourceId.ts";
import { idOf } from "./fields.ts";

const subnet = idOf("Microsoft.Network/virtualNetworks/subnets");

interface Attached {
  subnetId?: string | undefined;
  containerInstanceSubnetId?: string | undefined;
  proxyVmSize?: string | undefined;
}

/** What image builder asks of the subnets together; it refuses the template otherwise. */
function checkTopology(vm: Attached, context: z.RefinementCtx<Attached>): void {
  const { subnetId, containerInstanceSubnetId, proxyVmSize } = vm;
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

export const vm = z
  .strictObject({
    size: z.string().min(1),
    osDiskSizeGB: z.int().min(0).max(4095).default(0),
    /** Without one, image builder makes a network of its own for the build. */
    subnetId: subnet.optional(),
    /** A second subnet, for packer's container: then there is no proxy VM and no private link. */
    containerInstanceSubnetId: subnet.optional(),
    /** Of the proxy VM that goes into a single subnet; Standard_A1_v2 unless told. */
    proxyVmSize: z.string().min(1).optional(),
  })
  .superRefine(checkTopology);
