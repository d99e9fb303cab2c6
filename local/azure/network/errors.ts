import { AzureError } from "../arm/errors.ts";

/** Microsoft.Network's own refusals: each is a 400 with an empty list of details. */
const refusal = (code: string, message: string) => new AzureError(400, code, message, {}, { details: [] });

export const badPrefix = (prefix: string, id: string) =>
  refusal(
    "InvalidAddressPrefixFormat",
    `Address prefix ${prefix} of resource ${id} is not formatted correctly. ` +
      "It should follow CIDR notation, for example 10.0.0.0/24.",
  );

export const badNotation = (prefix: string, id: string, meant: string) =>
  refusal(
    "InvalidCIDRNotation",
    `The address prefix ${prefix} in resource ${id} has an invalid CIDR notation. ` +
      `For the given prefix length, the address prefix should be ${meant}.`,
  );

export const outsideNetwork = (subnet: string, network: string) =>
  refusal(
    "NetcfgSubnetRangeOutsideVnet",
    `Subnet '${subnet}' is not valid because its IP address range is outside the IP address range of virtual network '${network}'.`,
  );

export const overlaps = (subnet: string, network: string) =>
  refusal(
    "NetcfgSubnetRangesOverlap",
    `Subnet '${subnet}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network}'.`,
  );

export const invalidSubnet = (subnet: string, network: string) =>
  refusal("NetcfgInvalidSubnet", `Subnet '${subnet}' is not valid in virtual network '${network}'.`);

export const overlappingSpace = (network: string) =>
  refusal(
    "NetcfgInvalidVirtualNetworkSite",
    `The address space of virtual network '${network}' is not valid: its address prefixes overlap.`,
  );

export const invalidReference = (referenced: string, id: string) =>
  refusal(
    "InvalidResourceReference",
    `Resource ${referenced} referenced by resource ${id} was not found. ` +
      "Please make sure that the referenced resource exists, and that both resources are in the same region.",
  );

export const ruleConflict = (rule: string, other: string) =>
  refusal(
    "SecurityRuleConflict",
    `Security rule ${rule} conflicts with rule ${other}. Rules cannot have the same Priority and Direction. ` +
      "To learn more, see aka.ms/nsgrules.",
  );

export const badPriority = (priority: unknown) =>
  refusal(
    "SecurityRuleInvalidPriority",
    `Security rule has invalid Priority. Value provided: ${String(priority)} Allowed range 100-4096. ` +
      "To learn more, see aka.ms/nsgrules.",
  );

export const badRulePort = (value: string) =>
  refusal(
    "SecurityRuleInvalidPortRange",
    `Security rule has invalid Port range. Value provided: ${value}. ` +
      "Value should be an integer OR integer range with '-' delimiter. Valid range 0-65535.",
  );

export const badRuleAddress = (value: string, id: string) =>
  refusal(
    "SecurityRuleInvalidAddressPrefix",
    `Security rule ${id} has invalid Address prefix. Value provided: ${value}`,
  );

const shown = (parameter: string) => parameter.replace(/^./, (first) => first.toUpperCase());

/** Names stand alone, in the singular. */
export const pluralTag = (parameter: string, id: string, value: string) =>
  refusal(
    "SecurityRuleParameterContainsUnsupportedValue",
    `Security rule parameter ${shown(parameter)} for rule with Id ${id} cannot specify existing VIRTUALNETWORK, INTERNET, ` +
      `AZURELOADBALANCER, '*' or system tags. Unsupported value used: ${value}.`,
  );

export const pluralPorts = (parameter: string, id: string) =>
  refusal(
    "SecurityRuleParameterContainsInvalidPortRanges",
    `Security rule parameter ${shown(parameter)} for rule with Id ${id} cannot specify '*'.`,
  );

export const bothForms = (singular: string, plural: string, id: string) =>
  refusal(
    "SecurityRuleInvalidParameters",
    `Security rule parameters ${shown(singular)} and ${shown(plural)} cannot be specified together for rule with Id ${id}.`,
  );

export const routeConflict = (route: string, other: string) =>
  refusal(
    "RouteConflict",
    `Route: ${route} conflicts with Route: ${other}. Routes cannot have the same AddressPrefix.`,
  );

export const subnetIsFull = (name: string, prefixes: readonly string[]) =>
  refusal(
    "SubnetIsFull",
    `Subnet ${name} with address prefix ${prefixes.join(", ")} does not have enough capacity for 1 IP addresses.`,
  );

export const badNextHop = (route: string, type: string, address: string) =>
  refusal(
    "InvalidNextHopIpAddress",
    type === "VirtualAppliance"
      ? `NextHopIpAddress '${address}' of route ${route} must be an address, as its NextHopType is VirtualAppliance.`
      : `NextHopIpAddress cannot be specified for route ${route}, as its NextHopType is ${type}.`,
  );

export const addressNotInSubnets = (address: string) =>
  refusal(
    "PrivateIPAddressNotInAnySubnet",
    `Private static IP address ${address} does not belong to the range of any subnet in the virtual network.`,
  );

// Still in use

export const subnetInUse = (subnet: string, users: string[]) =>
  refusal(
    "InUseSubnetCannotBeDeleted",
    `Subnet ${subnet} is in use by ${users.join(" and ")} and cannot be deleted. ` +
      "In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
  );

export const securityGroupInUse = (id: string, users: string[]) =>
  refusal(
    "InUseNetworkSecurityGroupCannotBeDeleted",
    `Network security group ${id} cannot be deleted because it is in use by the following resources: ${users.join(", ")}. ` +
      "In order to delete the Network security group, remove the association with the resource(s). " +
      "To learn how to do this, see aka.ms/deletensg.",
  );

export const routeTableInUse = (id: string) =>
  refusal(
    "InUseRouteTableCannotBeDeleted",
    `Route table ${id.slice(id.lastIndexOf("/") + 1)} is in use and cannot be deleted.`,
  );

export const natGatewayInUse = (id: string, users: string[]) =>
  refusal(
    "CannotDeleteNatGatewayAssociatedToSubnet",
    `NAT Gateway ${id} is still configured on ${users.length} subnets. ` +
      "Remove NAT Gateway from all referenced subnets and then delete NAT Gateway.",
  );

export const publicAddressInUse = (id: string, users: string[]) =>
  refusal(
    "PublicIPAddressCannotBeDeleted",
    `Public IP address ${id} can not be deleted since it is still allocated to resource ${users.join(", ")}. ` +
      "In order to delete the public IP, disassociate/detach the Public IP address from the resource. " +
      "To learn how to do this, see aka.ms/deletepublicip.",
  );
