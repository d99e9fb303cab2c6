import type { LongRunning } from "../arm/resourceType.ts";

/**
 * PUT answers 201 or 200 with `Azure-AsyncOperation`, DELETE 202 with `Location` besides: recordings of azure-cli,
 * test_network_vnet, test_network_nsg, test_natgateway_empty_create. PATCH of tags is done at once.
 */
export const networkWrites: LongRunning = {
  status: "Microsoft.Network/locations/operations",
  results: "Microsoft.Network/locations/operationResults",
  created: 201,
  creating: "Updating",
  deletes: true,
  headers: { "azure-asyncnotification": "Enabled" },
};
