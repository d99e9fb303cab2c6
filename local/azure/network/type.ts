import type { LongRunning, ResourceType } from "../arm/resourceType.ts";

/** Microsoft.Network gives all its types the same versions. */
export const apiVersions = (
  "2015-06-15 2016-03-30 2016-06-01 2016-09-01 2016-12-01 2017-03-01 2017-06-01 2017-08-01 2017-09-01 2017-10-01 " +
  "2017-11-01 2018-01-01 2018-02-01 2018-04-01 2018-06-01 2018-07-01 2018-08-01 2018-10-01 2018-11-01 2018-12-01 " +
  "2019-02-01 2019-04-01 2019-06-01 2019-07-01 2019-08-01 2019-09-01 2019-11-01 2019-12-01 2020-03-01 2020-04-01 " +
  "2020-05-01 2020-06-01 2020-07-01 2020-08-01 2020-11-01 2021-02-01 2021-03-01 2021-05-01 2021-08-01 2021-12-01 " +
  "2022-01-01 2022-05-01 2022-07-01 2022-09-01 2022-11-01 2023-02-01 2023-04-01 2023-05-01 2023-06-01 2023-09-01 " +
  "2023-11-01 2024-01-01 2024-03-01 2024-05-01 2024-07-01 2024-10-01 2025-01-01 2025-03-01 2025-05-01 " +
  "2025-07-01 2025-09-01 2026-01-01 2026-03-01"
).split(" ");

/** Of a type that came later. */
export const versionsSince = (first: string) => apiVersions.filter((version) => version >= first);

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

/** A type of Microsoft.Network that lies in another. */
export const child = (type: string, own: Partial<ResourceType> = {}): ResourceType => ({
  type: `Microsoft.Network/${type}`,
  apiVersions,
  longRunning: networkWrites,
  etag: true,
  ...own,
});

export const resource = (type: string, own: Partial<ResourceType> = {}): ResourceType =>
  child(type, { tracked: true, ...own });

/** A type that is to be read, and nothing else. */
export const readOnly = (type: string, own: Partial<ResourceType>): ResourceType => ({
  type: `Microsoft.Network/${type}`,
  apiVersions,
  readOnly: true,
  ...own,
});
