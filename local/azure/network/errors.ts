import { errorsOf } from "../arm/errors.ts";

const shown = (parameter: string) => parameter.replace(/^./, (first) => first.toUpperCase());

/** Microsoft.Network's own refusals: each is a 400 with an empty list of details. */
export const networkErrors = errorsOf(
  400,
  {
    InvalidAddressPrefixFormat: (prefix: string, id: string) =>
      `Address prefix ${prefix} of resource ${id} is not formatted correctly. ` +
      "It should follow CIDR notation, for example 10.0.0.0/24.",
    InvalidCIDRNotation: (prefix: string, id: string, meant: string) =>
      `The address prefix ${prefix} in resource ${id} has an invalid CIDR notation. ` +
      `For the given prefix length, the address prefix should be ${meant}.`,
    NetcfgSubnetRangeOutsideVnet: (subnet: string, network: string) =>
      `Subnet '${subnet}' is not valid because its IP address range is outside the IP address range of virtual network '${network}'.`,
    NetcfgSubnetRangesOverlap: (subnet: string, network: string) =>
      `Subnet '${subnet}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network}'.`,
    NetcfgInvalidSubnet: (subnet: string, network: string) =>
      `Subnet '${subnet}' is not valid in virtual network '${network}'.`,
    NetcfgInvalidVirtualNetworkSite: (network: string) =>
      `The address space of virtual network '${network}' is not valid: its address prefixes overlap.`,
    InvalidResourceReference: (referenced: string, id: string) =>
      `Resource ${referenced} referenced by resource ${id} was not found. ` +
      "Please make sure that the referenced resource exists, and that both resources are in the same region.",
    PrivateIPAddressNotInAnySubnet: (address: string) =>
      `Private static IP address ${address} does not belong to the range of any subnet in the virtual network.`,

    // Rules and routes
    SecurityRuleConflict: (rule: string, other: string) =>
      `Security rule ${rule} conflicts with rule ${other}. Rules cannot have the same Priority and Direction. ` +
      "To learn more, see aka.ms/nsgrules.",
    SecurityRuleInvalidPriority: (priority: unknown) =>
      `Security rule has invalid Priority. Value provided: ${String(priority)} Allowed range 100-4096. ` +
      "To learn more, see aka.ms/nsgrules.",
    SecurityRuleInvalidPortRange: (value: string) =>
      `Security rule has invalid Port range. Value provided: ${value}. ` +
      "Value should be an integer OR integer range with '-' delimiter. Valid range 0-65535.",
    SecurityRuleInvalidAddressPrefix: (value: string, id: string) =>
      `Security rule ${id} has invalid Address prefix. Value provided: ${value}`,
    /** Names stand alone, in the singular. */
    SecurityRuleParameterContainsUnsupportedValue: (parameter: string, id: string, value: string) =>
      `Security rule parameter ${shown(parameter)} for rule with Id ${id} cannot specify existing VIRTUALNETWORK, INTERNET, ` +
      `AZURELOADBALANCER, '*' or system tags. Unsupported value used: ${value}.`,
    SecurityRuleParameterContainsInvalidPortRanges: (parameter: string, id: string) =>
      `Security rule parameter ${shown(parameter)} for rule with Id ${id} cannot specify '*'.`,
    SecurityRuleInvalidParameters: (singular: string, plural: string, id: string) =>
      `Security rule parameters ${shown(singular)} and ${shown(plural)} cannot be specified together for rule with Id ${id}.`,
    RouteConflict: (route: string, other: string) =>
      `Route: ${route} conflicts with Route: ${other}. Routes cannot have the same AddressPrefix.`,
    SubnetIsFull: (name: string, prefixes: readonly string[]) =>
      `Subnet ${name} with address prefix ${prefixes.join(", ")} does not have enough capacity for 1 IP addresses.`,
    InvalidNextHopIpAddress: (route: string, type: string, address: string) =>
      type === "VirtualAppliance"
        ? `NextHopIpAddress '${address}' of route ${route} must be an address, as its NextHopType is VirtualAppliance.`
        : `NextHopIpAddress cannot be specified for route ${route}, as its NextHopType is ${type}.`,

    // Still in use
    InUseSubnetCannotBeDeleted: (subnet: string, users: string[]) =>
      `Subnet ${subnet} is in use by ${users.join(" and ")} and cannot be deleted. ` +
      "In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
    InUseNetworkSecurityGroupCannotBeDeleted: (id: string, users: string[]) =>
      `Network security group ${id} cannot be deleted because it is in use by the following resources: ${users.join(", ")}. ` +
      "In order to delete the Network security group, remove the association with the resource(s). " +
      "To learn how to do this, see aka.ms/deletensg.",
    InUseRouteTableCannotBeDeleted: (id: string) =>
      `Route table ${id.slice(id.lastIndexOf("/") + 1)} is in use and cannot be deleted.`,
    CannotDeleteNatGatewayAssociatedToSubnet: (id: string, users: string[]) =>
      `NAT Gateway ${id} is still configured on ${users.length} subnets. ` +
      "Remove NAT Gateway from all referenced subnets and then delete NAT Gateway.",
    PublicIPAddressCannotBeDeleted: (id: string, users: string[]) =>
      `Public IP address ${id} can not be deleted since it is still allocated to resource ${users.join(", ")}. ` +
      "In order to delete the public IP, disassociate/detach the Public IP address from the resource. " +
      "To learn how to do this, see aka.ms/deletepublicip.",
  },
  { details: [] },
);
