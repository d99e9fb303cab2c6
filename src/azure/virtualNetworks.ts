import type { NetworkManagementClient } from "@azure/arm-network";
import { StepFailed } from "../domain/failure.ts";
import { parseResourceId, parentOf, sameId } from "../domain/resourceId.ts";
import type { ObservedNetwork } from "../domain/subnet.ts";
import { callAzure, findInAzure } from "./azureError.ts";

/** Reads the virtual network that a subnet lies in and the subnet's security group and routes, in up to four calls; undefined where Azure does not know it. */
export async function readNetworkOf(
  client: NetworkManagementClient,
  subnetId: string,
): Promise<ObservedNetwork | undefined> {
  const parsed = parseResourceId(parentOf(subnetId));
  const [resourceGroup, name] = [parsed?.resourceGroup ?? "", parsed?.names[0] ?? ""];
  const network = await findInAzure(() => client.virtualNetworks.get(resourceGroup, name));
  if (!network) return undefined;

  const free = new Map<string, number>();
  await callAzure(async () => {
    for await (const { id, currentValue, limit } of client.virtualNetworks.listUsage(resourceGroup, name)) {
      // A gateway's subnet shows -1: Azure does not tell.
      if (id && limit !== undefined && currentValue !== undefined && limit >= 0) free.set(id, limit - currentValue);
    }
  });

  const { networkSecurityGroup, routeTable } = network.subnets?.find(({ id }) => sameId(id ?? "", subnetId)) ?? {};
  const securityGroup = await readable(networkSecurityGroup?.id, (group, named) =>
    client.networkSecurityGroups.get(group, named),
  );
  const table = await readable(routeTable?.id, (group, named) => client.routeTables.get(group, named));
  const routes = table === "unreadable" ? table : (table?.routes ?? []);
  const peers = network.virtualNetworkPeerings ?? [];
  return {
    location: network.location ?? "",
    space: {
      prefixes: [
        ...(network.addressSpace?.addressPrefixes ?? []),
        ...peers.flatMap(({ remoteAddressSpace }) => remoteAddressSpace?.addressPrefixes ?? []),
      ],
      // Networks behind a gateway belong to it as well, here or at a peer.
      isComplete: !(network.subnets ?? []).some(({ name }) => name === "GatewaySubnet") && peers.length === 0,
    },
    subnets: (network.subnets ?? []).map((subnet) => ({
      // Only of the build's own subnet; nobody asks for the others'.
      ...(sameId(subnet.id ?? "", subnetId) ? { securityGroup, routes } : { securityGroup: undefined, routes: [] }),
      hasNatGateway: subnet.natGateway?.id !== undefined,
      defaultOutboundAccess: subnet.defaultOutboundAccess ?? true,
      id: subnet.id ?? "",
      // Azure answers with the one form or the other.
      addressPrefixes: subnet.addressPrefixes ?? (subnet.addressPrefix ? [subnet.addressPrefix] : []),
      privateLinkServiceNetworkPolicies: subnet.privateLinkServiceNetworkPolicies,
      delegations: (subnet.delegations ?? []).map(({ serviceName }) => serviceName ?? "another service"),
      freeAddresses: [...free].find(([id]) => sameId(id, subnet.id ?? ""))?.[1],
    })),
  };
}

/**
 * Reads what a subnet refers to, where it refers to anything.
 *
 * @returns "unreadable" where Azure does not show it: that is something to be told, and nothing to fail for.
 */
async function readable<T>(
  id: string | undefined,
  read: (resourceGroup: string, name: string) => Promise<T>,
): Promise<T | "unreadable" | undefined> {
  if (!id) return undefined;
  const { resourceGroup = "", names: [name = ""] = [] } = parseResourceId(id) ?? {};
  try {
    return await callAzure(() => read(resourceGroup, name));
  } catch (error) {
    if (error instanceof StepFailed) return "unreadable";
    throw error;
  }
}
