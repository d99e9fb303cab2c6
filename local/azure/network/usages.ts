import { isIPv4 } from "node:net";
import { invalidQuery } from "../arm/errors.ts";
import { requireParent } from "../arm/parents.ts";
import { parentId } from "../arm/resourceId.ts";
import { listed, ok } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { StoredResource } from "../store/state.ts";
import { networkErrors } from "./errors.ts";
import { configurationsIn, containerGroupsIn, freeAddresses, holds, RESERVED, usableRanges } from "./subnetSpace.ts";
import { readOnly } from "./type.ts";
import { SUBNET_TYPE } from "./virtualNetworks.ts";

/** How many addresses of each subnet are taken; `limit` leaves out those that are Azure's. */
export const usages = readOnly("virtualNetworks/usages", {
  list(azure, { target }) {
    requireParent(azure, target);
    const subnets = resourcesOfType(azure, SUBNET_TYPE, parentId(target)).map((subnet) => ({
      id: subnet.id,
      ...(subnet.name === "GatewaySubnet" ? { currentValue: -1, limit: -1 } : spaceOf(azure, subnet)),
      unit: "Count",
      name: { value: "SubnetSpace", localizedValue: "Subnet size and usage" },
    }));
    return listed(subnets);
  },
});

function spaceOf(azure: Azure, subnet: StoredResource): { currentValue: number; limit: number } {
  const sizes = usableRanges(subnet).map(({ whole }) => Number(whole.last - whole.first) + 1 - RESERVED);
  const currentValue = configurationsIn(azure, subnet).length + containerGroupsIn(azure, subnet).length;
  return { currentValue, limit: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Whether an address can be had; where not, up to five that can. */
export const addressAvailability = readOnly("virtualNetworks/checkIPAddressAvailability", {
  list(azure, { target, query }) {
    requireParent(azure, target);
    const address = query.get("ipAddress") ?? "";
    if (!isIPv4(address)) throw invalidQuery("ipAddress", address);
    for (const subnet of resourcesOfType(azure, SUBNET_TYPE, parentId(target))) {
      const range = usableRanges(subnet).find(({ whole }) => holds(whole, address));
      if (!range) continue;
      const isPlatformReserved = !holds(range.usable, address);
      const taken = configurationsIn(azure, subnet).some(({ properties }) => properties?.privateIPAddress === address);
      const available = !taken && !isPlatformReserved;
      const others = available ? [] : freeAddresses(azure, subnet, 5);
      return ok({ available, availableIPAddresses: others, isPlatformReserved });
    }
    throw networkErrors.PrivateIPAddressNotInAnySubnet(address);
  },
});
