import { addedIn } from "../arm/knownFields.ts";

export const apiVersions = "2020-02-14 2021-10-01 2022-02-14 2022-07-01 2023-07-01 2024-02-01 2025-10-01".split(" ");

/** Before, its errors had no envelope. */
export const ENVELOPE_SINCE = "2021-10-01";

/** From here on unknown fields, and fields of another case, are refused. */
export const STRICT_SINCE = "2024-02-01";

/** From here on a target says of each region how often it is replicated, and of how versions are numbered. */
export const TARGET_REGIONS_SINCE = "2022-07-01";

export const templateSince = addedIn({
  "2021-10-01":
    "systemData properties.source.exactVersion properties.vmProfile.userAssignedIdentities " +
    "properties.vmProfile.vnetConfig.proxyVmSize",
  "2022-02-14": "properties.validate properties.stagingResourceGroup properties.exactStagingResourceGroup",
  [TARGET_REGIONS_SINCE]:
    "properties.optimize properties.distribute.targetRegions properties.distribute.versioning " +
    "properties.distribute.uri",
  "2023-07-01": "properties.errorHandling",
  "2024-02-01":
    "properties.vmProfile.vnetConfig.containerInstanceSubnetId properties.autoRun properties.managedResourceTags",
  "2025-10-01": "properties.optimize.workload properties.distribute.replicationMode properties.additionalDataDisks",
});
