import type { ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";

export const ACCOUNT_TYPE = "Microsoft.Storage/storageAccounts";

/** Blobs live with their account, and go with it. */
interface AccountHidden {
  containers: Record<string, Container>;
}

export interface Container {
  createdAt: number;
  blobs: Record<string, Blob>;
}

/** A text that grows: each line is there from its time on. */
export interface Blob {
  /** From when on there is anything to see, whatever the times of its first lines. */
  createdAt: number;
  contentType: string;
  lines: { at: number; text: string }[];
}

export const storageAccounts: ResourceType = {
  type: ACCOUNT_TYPE,
  apiVersions: (
    "2015-06-15 2016-01-01 2016-05-01 2016-12-01 2017-06-01 2017-10-01 2018-02-01 2018-07-01 2018-11-01 2019-04-01 " +
    "2019-06-01 2021-01-01 2021-02-01 2021-04-01 2021-06-01 2021-08-01 2021-09-01 2022-05-01 2022-09-01 2023-01-01 " +
    "2023-04-01 2023-05-01 2024-01-01 2025-01-01 2025-06-01 2025-08-01 2026-04-01 2026-09-01"
  ).split(" "),
  tracked: true,
  complete(azure, { body }, before) {
    body.sku ??= { name: "Standard_LRS", tier: "Standard" };
    body.kind ??= "StorageV2";
    const kept = before?.body.properties as Json | undefined;
    body.properties = {
      creationTime: kept?.creationTime ?? new Date(azure.now).toISOString(),
      primaryLocation: body.location,
      statusOfPrimary: "available",
      accessTier: "Hot",
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: true,
      minimumTlsVersion: "TLS1_2",
      supportsHttpsTrafficOnly: true,
      networkAcls: { bypass: "AzureServices", virtualNetworkRules: [], ipRules: [], defaultAction: "Allow" },
      ...(body.properties as Json),
    };
  },
  present: (azure, { name }) => ({ primaryEndpoints: { blob: blobEndpoint(azure, name) } }),
};

/** The account's own path on the one origin that this Azure has, as in Azurite; ends in a slash. */
export function blobEndpoint(azure: Azure, account: string): string {
  return `${azure.origin}/${account}/`;
}

export function findAccount(azure: Azure, name: string): StoredResource | undefined {
  return resourcesOfType(azure, ACCOUNT_TYPE, "").find((account) => account.name === name);
}

/** An account's containers; it begins with none. */
export function containersOf(account: StoredResource): Record<string, Container> {
  const hidden = (account.hidden ??= { containers: {} }) as AccountHidden;
  return hidden.containers;
}
