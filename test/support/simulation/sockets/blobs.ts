import { BlobServiceClient } from "@azure/storage-blob";
import { azuriteConnectionString } from "../../../../local/stack/azurite.ts";

/** A container of blobs in Azurite, as those who look from outside read it. */
export interface Blobs {
  exists(name: string): Promise<boolean>;
  /** Its length in bytes. */
  lengthOf(name: string): Promise<number>;
  text(name: string): Promise<string>;
  /** All texts by the blobs' names. */
  texts(prefix: string): Promise<Map<string, string>>;
}

export async function createBlobs(storagePort: number, name: string): Promise<Blobs> {
  const service = BlobServiceClient.fromConnectionString(azuriteConnectionString(storagePort));
  const container = service.getContainerClient(name);
  await container.create();
  return {
    exists: (blob) => container.getBlobClient(blob).exists(),
    lengthOf: async (blob) => (await container.getBlobClient(blob).getProperties()).contentLength ?? 0,
    text: async (blob) => (await container.getBlobClient(blob).downloadToBuffer()).toString("utf8"),
    async texts(prefix) {
      const texts = new Map<string, string>();
      for await (const blob of container.listBlobsFlat({ prefix })) {
        texts.set(blob.name, (await container.getBlobClient(blob.name).downloadToBuffer()).toString("utf8"));
      }
      return texts;
    },
  };
}
