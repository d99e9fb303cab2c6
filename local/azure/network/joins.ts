import type { Json } from "../store/state.ts";

/**
 * What a write names and therefore needs the right to join: Microsoft's page on permissions of virtual networks
 * (virtual-network-manage-subnet) has the actions.
 */

type Part = { id?: string; properties?: Json } & Json;

const idsOf = (...values: unknown[]) =>
  values
    .flat()
    .flatMap((value) => (typeof (value as Part | null)?.id === "string" ? [(value as { id: string }).id] : []));

const propertiesOf = (value: unknown): Json[] =>
  Array.isArray(value) ? value.map((item: Part | null) => item?.properties ?? {}) : [];

export const subnetJoins = ({ networkSecurityGroup, routeTable, natGateway }: Json) =>
  idsOf(networkSecurityGroup, routeTable, natGateway);

export const networkJoins = ({ subnets }: Json) => propertiesOf(subnets).flatMap(subnetJoins);

export const interfaceJoins = ({ ipConfigurations, networkSecurityGroup }: Json) =>
  idsOf(networkSecurityGroup, ...propertiesOf(ipConfigurations).map(({ subnet }) => subnet));

export const balancerJoins = ({ frontendIPConfigurations }: Json) =>
  idsOf(...propertiesOf(frontendIPConfigurations).map(({ subnet }) => subnet));

export const natGatewayJoins = ({ publicIpAddresses }: Json) => idsOf(publicIpAddresses);
