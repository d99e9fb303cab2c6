import type { Azure } from "../azure.ts";
import { sameId } from "../arm/resourceId.ts";
import { findResource, resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { networkErrors } from "./errors.ts";
import { type AddressRange, addressOf, numberOf, rangeOf } from "./addresses.ts";

/** Ahead of the first address that a subnet gives away: its own and three of Azure's services. The last is reserved, too. */
const RESERVED_AHEAD = 4n;
export const RESERVED = 5;

interface Configuration {
  id?: string;
  name: string;
  properties?: { subnet?: { id?: string }; privateIPAddress?: string } & Json;
}

/** Where a resource keeps what has addresses in subnets, by its type. */
const HOLDERS: Record<string, string> = {
  "Microsoft.Network/networkInterfaces": "ipConfigurations",
  "Microsoft.Network/loadBalancers": "frontendIPConfigurations",
};

/** What has an address in a subnet: interfaces of machines and private endpoints, front ends of load balancers. */
export function configurationsIn(azure: Azure, subnet: { id: string }): Configuration[] {
  return Object.entries(HOLDERS)
    .flatMap(([type, property]) => resourcesOfType(azure, type, "").map((holder) => ({ holder, property })))
    .flatMap(({ holder, property }) =>
      configurationsOf(holder, property)
        .filter(({ properties }) => sameId(properties?.subnet?.id ?? "", subnet.id))
        .map((one) => ({ ...one, id: `${holder.id}/${property}/${one.name}` })),
    );
}

/** Container groups do not show as configurations, and take addresses all the same. */
export function containerGroupsIn(azure: Azure, subnet: { id: string }): StoredResource[] {
  return resourcesOfType(azure, "Microsoft.ContainerInstance/containerGroups", "").filter(({ body }) => {
    const { subnetIds } = body.properties as { subnetIds?: { id: string }[] };
    return subnetIds?.some(({ id }) => sameId(id, subnet.id));
  });
}

const configurationsOf = ({ body }: StoredResource, property: string): Configuration[] =>
  ((body.properties as Json)[property] as Configuration[] | undefined) ?? [];

/** Gives each configuration of a resource an address of its subnet. @throws AzureError 400 where that has none left. */
export function takeAddresses(azure: Azure, resource: StoredResource): void {
  const property = HOLDERS[resource.type];
  if (!property) return;
  const taken = new Set<string>();
  (resource.body.properties as Json)[property] = configurationsOf(resource, property).map((one) => {
    const subnet = one.properties?.subnet?.id;
    const address = one.properties?.privateIPAddress ?? (subnet && nextFree(azure, subnet, taken));
    if (address) taken.add(address);
    return {
      ...one,
      id: `${resource.id}/${property}/${one.name}`,
      properties: {
        ...one.properties,
        provisioningState: "Succeeded",
        ...(address ? { privateIPAddress: address, privateIPAddressVersion: "IPv4" } : {}),
      },
    };
  });
}

export function prefixesOf({ body }: StoredResource): string[] {
  const { addressPrefix, addressPrefixes } = body.properties as { addressPrefix?: string; addressPrefixes?: string[] };
  return addressPrefixes ?? (addressPrefix ? [addressPrefix] : []);
}

/** The IPv4 ranges of a subnet, as network and as what it gives away. */
export function usableRanges(subnet: StoredResource): { whole: AddressRange; usable: AddressRange }[] {
  return prefixesOf(subnet)
    .map(rangeOf)
    .filter((range) => range?.version === 4)
    .flatMap((whole) =>
      whole ? [{ whole, usable: { ...whole, first: whole.first + RESERVED_AHEAD, last: whole.last - 1n } }] : [],
    );
}

/** The first few addresses of a subnet that nobody has. */
export function freeAddresses(azure: Azure, subnet: StoredResource, count: number, also = new Set<string>()): string[] {
  const taken = new Set([...also, ...configurationsIn(azure, subnet).map((one) => one.properties?.privateIPAddress)]);
  const free: string[] = [];
  for (const { usable } of usableRanges(subnet)) {
    for (let at = usable.first; at <= usable.last && free.length < count; at++) {
      const address = addressOf(at, 4);
      if (!taken.has(address)) free.push(address);
    }
  }
  return free;
}

function nextFree(azure: Azure, id: string, taken: Set<string>): string | undefined {
  const subnet = findResource(azure, id);
  if (!subnet) return undefined;
  const [free] = freeAddresses(azure, subnet, 1, taken);
  if (free === undefined) throw networkErrors.SubnetIsFull(subnet.name, prefixesOf(subnet));
  return free;
}

/** Whether a range holds an address. */
export const holds = ({ first, last }: AddressRange, address: string) =>
  first <= numberOf(address) && numberOf(address) <= last;
