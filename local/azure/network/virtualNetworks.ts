import { requireParent } from "../arm/parents.ts";
import { parentId, sameId } from "../arm/resourceId.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";

const SUBNET_TYPE = "Microsoft.Network/virtualNetworks/subnets";
/** First, last, and three for Azure's own services. */
const RESERVED_ADDRESSES = 5;

export const virtualNetworks: ResourceType = {
  type: "Microsoft.Network/virtualNetworks",
  apiVersions,
  tracked: true,
  inline: { subnets: SUBNET_TYPE },
  complete: (_azure, { body }) => {
    body.properties = { virtualNetworkPeerings: [], enableDdosProtection: false, ...(body.properties as Json) };
  },
};

export const subnets: ResourceType = {
  type: SUBNET_TYPE,
  apiVersions,
  complete(_azure, { body }) {
    body.properties = {
      delegations: [],
      privateEndpointNetworkPolicies: "Disabled",
      privateLinkServiceNetworkPolicies: "Enabled",
      ...(body.properties as Json),
    };
  },
  present(azure, subnet) {
    const configurations = ipConfigurationsIn(azure, subnet);
    return configurations.length > 0 ? { ipConfigurations: configurations.map((id) => ({ id })) } : {};
  },
};

/** How many addresses of each subnet are taken. */
export const usages: ResourceType = {
  type: "Microsoft.Network/virtualNetworks/usages",
  apiVersions,
  readOnly: true,
  list(azure, { target }) {
    requireParent(azure, target);
    const network = parentId(target);
    const value = resourcesOfType(azure, SUBNET_TYPE, network).map((subnet) => ({
      id: subnet.id,
      ...(subnet.name === "GatewaySubnet" ? { currentValue: -1, limit: -1 } : spaceOf(azure, subnet)),
      unit: "Count",
      name: { value: "SubnetSpace", localizedValue: "Subnet size and usage" },
    }));
    return { status: 200, body: { value } };
  },
};

function spaceOf(azure: Azure, subnet: StoredResource): { currentValue: number; limit: number } {
  const { addressPrefix, addressPrefixes } = subnet.body.properties as {
    addressPrefix?: string;
    addressPrefixes?: string[];
  };
  const prefixes = addressPrefixes ?? (addressPrefix ? [addressPrefix] : []);
  const sizes = prefixes.map((prefix) => 2 ** (32 - Number(prefix.split("/")[1])) - RESERVED_ADDRESSES);
  return { currentValue: ipConfigurationsIn(azure, subnet).length, limit: sizes.reduce((sum, size) => sum + size, 0) };
}

/** Ids of what has an address in a subnet: interfaces of machines and private endpoints, front ends of load balancers. */
function ipConfigurationsIn(azure: Azure, subnet: StoredResource): string[] {
  const holders = ["Microsoft.Network/networkInterfaces", "Microsoft.Network/loadBalancers"];
  return holders
    .flatMap((type) => resourcesOfType(azure, type, ""))
    .flatMap((holder) => {
      const { ipConfigurations, frontendIPConfigurations } = holder.body.properties as Record<string, Configuration[]>;
      return (ipConfigurations ?? frontendIPConfigurations ?? [])
        .filter(({ properties }) => sameId(properties?.subnet?.id ?? "", subnet.id))
        .map(
          ({ name }) => `${holder.id}/${ipConfigurations ? "ipConfigurations" : "frontendIPConfigurations"}/${name}`,
        );
    });
}

interface Configuration {
  name: string;
  properties?: { subnet?: { id?: string } };
}
