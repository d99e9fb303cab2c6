import type { NetworkManagementClient } from "@azure/arm-network";
import { parseResourceId, parentOf, sameId } from "../domain/resourceId.ts";
import type { ObservedNetwork } from "../domain/subnet.ts";
import { callAzure, findInAzure } from "./azureError.ts";

/** Reads the virtual network that a subnet lies in, in two calls; undefined where Azure does not know it. */
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

  return {
    location: network.location ?? "",
    subnets: (network.subnets ?? []).map((subnet) => ({
      id: subnet.id ?? "",
      // Azure answers with the one form or the other.
      addressPrefixes: subnet.addressPrefixes ?? (subnet.addressPrefix ? [subnet.addressPrefix] : []),
      privateLinkServiceNetworkPolicies: subnet.privateLinkServiceNetworkPolicies,
      delegations: (subnet.delegations ?? []).map(({ serviceName }) => serviceName ?? "another service"),
      freeAddresses: [...free].find(([id]) => sameId(id, subnet.id ?? ""))?.[1],
    })),
  };
}
