import { addedIn } from "../arm/knownFields.ts";
import * as z from "zod";
import { armErrors, type AzureError, errorsOf } from "../arm/errors.ts";
import { sameId } from "../arm/resourceId.ts";
import { type LongRunning, ok, type ResourceType } from "../arm/resourceType.ts";
import { date, flag, list, object, part, text } from "../arm/shapes.ts";
import type { Azure } from "../azure.ts";
import { findResource, resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { listKeys } from "./accountKeys.ts";

/** From the first that knows the kind of account that image builder makes. */
export const apiVersions = (
  "2018-02-01 2018-07-01 2018-11-01 2019-04-01 " +
  "2019-06-01 2021-01-01 2021-02-01 2021-04-01 2021-06-01 2021-08-01 2021-09-01 2022-05-01 2022-09-01 2023-01-01 " +
  "2023-04-01 2023-05-01 2024-01-01 2025-01-01 2025-06-01 2025-08-01 2026-04-01 2026-06-01 2026-09-01"
).split(" ");

const SKUS = ["LRS", "ZRS", "GRS", "GZRS", "RAGRS", "RAGZRS"].flatMap((copies) => [
  `Standard_${copies}`,
  `StandardV2_${copies}`,
]);

/** What the body of a storage account must look like. */
const accountShape = object({
  kind: z.enum(["Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage"]),
  sku: object({ name: z.enum([...SKUS, "Premium_LRS", "Premium_ZRS", "PremiumV2_LRS", "PremiumV2_ZRS"]) }),
  properties: part({
    accessTier: z.enum(["Hot", "Cool", "Cold", "Premium"]).optional(),
    allowBlobPublicAccess: flag,
    allowSharedKeyAccess: flag,
    supportsHttpsTrafficOnly: flag,
    isHnsEnabled: flag,
    isSftpEnabled: flag,
    minimumTlsVersion: z.enum(["TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"]).optional(),
    encryption: part({
      keySource: z.enum(["Microsoft.Storage", "Microsoft.Keyvault"]).optional(),
      /** Of blobs, or of files. */
      services: z
        .record(
          z.string(),
          object({ enabled: flag, keyType: z.enum(["Account", "Service"]).optional(), lastEnabledTime: date }),
        )
        .optional(),
    }),
    networkAcls: part({
      defaultAction: z.enum(["Allow", "Deny"]),
      bypass: text,
      ipRules: list({ value: z.string() }),
      virtualNetworkRules: list({ id: z.string() }),
    }),
  }),
});

const accountErrors = {
  ...errorsOf(400, {
    AccountNameInvalid: (name: string) =>
      `${name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length ` +
      "and use numbers and lower-case letters only.",
  }),
  ...errorsOf(409, {
    StorageAccountAlreadyTaken: (name: string) => `The storage account named ${name} is already taken.`,
  }),
};

const ACCOUNT_TYPE = "Microsoft.Storage/storageAccounts";

/** Blobs live with their account, and go with it. */
interface AccountHidden {
  containers: Record<string, Container>;
}

export interface Container {
  createdAt: number;
  blobs: Record<string, Blob>;
}

/** A text that grows: each line is there from its time on; or what was written from outside. */
export interface Blob {
  /** From when on there is anything to see, whatever the times of its first lines. */
  createdAt: number;
  contentType: string;
  /** Of the kind that disks are. */
  isPageBlob?: true;
  lines: { at: number; text: string }[];
  /** Of what was written from outside, whole: its bytes in base64. It has no lines. */
  content?: string;
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
  since: addedIn({
    "2019-04-01": "properties.allowBlobPublicAccess properties.allowSharedKeyAccess properties.minimumTlsVersion",
    "2019-06-01":
      "properties.encryption.services.file.keyType properties.encryption.services.blob.keyType " +
      "properties.privateEndpointConnections",
    "2021-02-01": "properties.keyCreationTime",
  }),
  tracked: true,
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
    const problem = nameProblem(azure, name, id);
    if (problem) throw problem;
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

/** Account, container and blob that a URI names, by Azure's host name or in this Azure's own way; else nothing. */
export function namesInBlobUri(azure: Azure, uri: string): string[] {
  const { hostname = "", pathname = "", origin } = URL.parse(uri) ?? {};
  const [, account] = /^([a-z\d]+)\.blob\.core\.windows\.net$/.exec(hostname) ?? [];
  const names = pathname.slice(1).split("/");
  return account ? [account, ...names] : origin === azure.origin ? names : [];
}

export function findAccount(azure: Azure, name: string): StoredResource | undefined {
  return resourcesOfType(azure, ACCOUNT_TYPE, "").find((account) => account.name === name);
}

/** Whether whoever comes over the Internet, or out of a subnet, gets to an account's blobs at all. */
export function letsIn({ body }: StoredResource, subnetId?: string): boolean {
  const { networkAcls } = body.properties as {
    networkAcls?: { defaultAction?: string; virtualNetworkRules?: { id: string }[] };
  };
  if (networkAcls?.defaultAction !== "Deny") return true;
  return networkAcls.virtualNetworkRules?.some(({ id }) => sameId(id, subnetId ?? "")) ?? false;
}

/** Whether anybody may read a container's blobs. */
export function isPublic(azure: Azure, { body }: StoredResource, containerId: string): boolean {
  const { publicAccess } = (findResource(azure, containerId)?.body.properties ?? {}) as { publicAccess?: string };
  const { allowBlobPublicAccess } = body.properties as { allowBlobPublicAccess?: boolean };
  return allowBlobPublicAccess === true && ["Blob", "Container"].includes(publicAccess ?? "");
}

/** An account's containers; it begins with none. */
export function containersOf(account: StoredResource): Record<string, Container> {
  const hidden = (account.hidden ??= { containers: {} }) as AccountHidden;
  return hidden.containers;
}

/** Names are unique in all of Azure, as far as this one knows. @param id of the account that is to have it. */
function nameProblem(azure: Azure, name: string, id = ""): AzureError | undefined {
  if (!/^[a-z\d]{3,24}$/.test(name)) return accountErrors.AccountNameInvalid(name);
  const other = findAccount(azure, name);
  return other && !sameId(other.id, id) ? accountErrors.StorageAccountAlreadyTaken(name) : undefined;
}

export const nameAvailability: ResourceType = {
  type: "Microsoft.Storage/checkNameAvailability",
  apiVersions,
  readOnly: true,
  post(azure, request) {
    const { name } = request.body();
    if (typeof name !== "string") throw armErrors.InvalidRequestContent("Required property 'name' not found in JSON.");
    const problem = nameProblem(azure, name);
    if (!problem) return ok({ nameAvailable: true });
    const reason = problem.code === "AccountNameInvalid" ? problem.code : "AlreadyExists";
    return ok({ nameAvailable: false, reason, message: problem.message });
  },
};
