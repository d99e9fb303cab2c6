import { regions } from "../arm/regions.ts";
import { sameId } from "../arm/resourceId.ts";
import type { LongRunning, ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { listKeys } from "./accountKeys.ts";
import { badAccountName, isAccountName, takenAccountName } from "./accountNames.ts";
import { accountShape } from "./accountShape.ts";
import { apiVersions } from "./apiVersions.ts";

const ACCOUNT_TYPE = "Microsoft.Storage/storageAccounts";

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
  /** Bytes of lines that say nothing, after the first. */
  fillerBytes?: number;
}

/**
 * PUT of a new account is 202 without a body, and `Location` tells the account in the end; of one that is there 200, as
 * is DELETE: specification and recordings of azure-cli, test_create_storage_account.
 */
export const accountWrites: LongRunning = {
  results: "Microsoft.Storage/locations/asyncoperations",
  created: 202,
  creating: "Creating",
  deletes: false,
};

export const storageAccounts: ResourceType = {
  type: ACCOUNT_TYPE,
  apiVersions,
  since: {
    "properties.allowBlobPublicAccess": "2019-04-01",
    "properties.allowSharedKeyAccess": "2019-04-01",
    "properties.minimumTlsVersion": "2019-04-01",
    "properties.encryption.services.file.keyType": "2019-06-01",
    "properties.encryption.services.blob.keyType": "2019-06-01",
    "properties.privateEndpointConnections": "2019-06-01",
    "properties.keyCreationTime": "2021-02-01",
  },
  tracked: true,
  locations: regions,
  shape: accountShape,
  setByAzure: (
    "creationTime keyCreationTime primaryEndpoints primaryLocation statusOfPrimary privateEndpointConnections " +
    "secondaryEndpoints secondaryLocation statusOfSecondary lastGeoFailoverTime geoReplicationStats failoverInProgress " +
    "blobRestoreStatus isSkuConversionBlocked accountMigrationInProgress"
  ).split(" "),
  longRunning: accountWrites,
  patchesProperties: true,
  actions: { listKeys: (azure, request) => listKeys(azure, storageAccounts, request) },
  check(azure, { id, name }) {
    if (!isAccountName(name)) throw badAccountName(name);
    const other = findAccount(azure, name);
    if (other && !sameId(other.id, id)) throw takenAccountName(name);
  },
  complete(azure, { body }, before) {
    const { name = "Standard_LRS" } = (body.sku ?? {}) as { name?: string };
    body.sku = { name, tier: name.split("_")[0] };
    body.kind ??= "StorageV2";
    const kept = before?.body.properties as Json | undefined;
    const creationTime = kept?.creationTime ?? new Date(azure.now).toISOString();
    const enabled = { keyType: "Account", enabled: true, lastEnabledTime: creationTime };
    body.properties = {
      creationTime,
      keyCreationTime: { key1: creationTime, key2: creationTime },
      primaryLocation: body.location,
      statusOfPrimary: "available",
      privateEndpointConnections: [],
      accessTier: "Hot",
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: true,
      minimumTlsVersion: "TLS1_2",
      supportsHttpsTrafficOnly: true,
      encryption: { services: { file: enabled, blob: enabled }, keySource: "Microsoft.Storage" },
      networkAcls: { bypass: "AzureServices", virtualNetworkRules: [], ipRules: [], defaultAction: "Allow" },
      ...(body.properties as Json),
    };
  },
  present: ({ origin, settings: { azurite } }, { name }) => ({
    primaryEndpoints: { blob: azurite?.account === name ? azurite.blobEndpoint : `${origin}/${name}/` },
  }),
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
