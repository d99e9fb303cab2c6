import type { Since } from "../arm/knownFields.ts";

export const apiVersions = [
  "2020-02-14",
  "2021-10-01",
  "2022-02-14",
  "2022-07-01",
  "2023-07-01",
  "2024-02-01",
  "2025-10-01",
];

/** From here on unknown fields, and fields of another case, are refused. */
/** Before, its errors had no envelope. */
export const ENVELOPE_SINCE = "2021-10-01";

export const STRICT_SINCE = "2024-02-01";

/** From here on a target says of each region how often it is replicated, and of how versions are numbered. */
export const TARGET_REGIONS_SINCE = "2022-07-01";

export const templateSince: Since = {
  systemData: "2021-10-01",
  "properties.source.exactVersion": "2021-10-01",
  "properties.vmProfile.userAssignedIdentities": "2021-10-01",
  "properties.vmProfile.vnetConfig.proxyVmSize": "2021-10-01",
  "properties.validate": "2022-02-14",
  "properties.stagingResourceGroup": "2022-02-14",
  "properties.exactStagingResourceGroup": "2022-02-14",
  "properties.optimize": "2022-07-01",
  "properties.distribute.targetRegions": TARGET_REGIONS_SINCE,
  "properties.distribute.versioning": TARGET_REGIONS_SINCE,
  "properties.distribute.uri": "2022-07-01",
  "properties.errorHandling": "2023-07-01",
  "properties.vmProfile.vnetConfig.containerInstanceSubnetId": "2024-02-01",
  "properties.autoRun": "2024-02-01",
  "properties.managedResourceTags": "2024-02-01",
  "properties.optimize.workload": "2025-10-01",
  "properties.distribute.replicationMode": "2025-10-01",
  "properties.additionalDataDisks": "2025-10-01",
};
