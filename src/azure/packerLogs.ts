import type { StorageManagementClient } from "@azure/arm-storage";
import type { BlobServiceClient } from "@azure/storage-blob";
import { insistOn, unknownIfNotFound } from "./azureError.ts";

/** A log that image builder left in the storage account of a template's staging resource group. */
export interface PackerLog {
  /** `customization.log` or `validation.log`. */
  name: string;
  read(): Promise<NodeJS.ReadableStream>;
}

/**
 * The logs of the newest run; empty where there is no staging group, account or log.
 *
 * Image builder names the account and a folder for each run at random, so they are looked for.
 */
export async function newestPackerLogs(
  accounts: StorageManagementClient["storageAccounts"],
  blobsOf: (endpoint: string) => BlobServiceClient,
  stagingResourceGroup: string,
): Promise<PackerLog[]> {
  const endpoint = await blobEndpointIn(accounts, stagingResourceGroup.split("/").at(-1) ?? "");
  if (!endpoint) return [];
  const container = blobsOf(endpoint).getContainerClient("packerlogs");

  const list = async () => {
    const found: { name: string; modified: number }[] = [];
    for await (const { name, properties } of container.listBlobsFlat()) {
      found.push({ name, modified: properties.lastModified.getTime() });
    }
    return found;
  };
  const blobs = (await insistOn(() => list().catch(unknownIfNotFound))) ?? [];
  const newest = blobs.toSorted((a, b) => b.modified - a.modified)[0]?.name.split("/")[0];
  return blobs
    .map(({ name }) => name)
    .filter((name) => name.startsWith(`${newest}/`))
    .map((name) => ({
      name: name.split("/").at(-1) ?? name,
      read: () =>
        insistOn(async () => {
          const { readableStreamBody } = await container.getBlobClient(name).download();
          if (!readableStreamBody) throw new Error(`The log ${name} came without a body.`);
          return readableStreamBody;
        }),
    }));
}

async function blobEndpointIn(
  accounts: StorageManagementClient["storageAccounts"],
  resourceGroup: string,
): Promise<string | undefined> {
  const find = async () => {
    for await (const { primaryEndpoints } of accounts.listByResourceGroup(resourceGroup)) {
      if (primaryEndpoints?.blob) return primaryEndpoints.blob;
    }
    return undefined;
  };
  return insistOn(() => find().catch(unknownIfNotFound));
}
