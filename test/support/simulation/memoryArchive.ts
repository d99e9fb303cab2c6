import { BlobServiceClient } from "@azure/storage-blob";
import { azuriteConnectionString } from "../../../local/stack/azurite.ts";
import { archive, type Archive } from "../../../src/azure/archive.ts";
import { createBlobStore } from "./blobStore.ts";
import { blobHttpClientOf } from "./transport.ts";

/**
 * The service's archive over blobs in memory.
 *
 * @param isForbidden what of them the storage does not let be read, by its path.
 */
export async function memoryArchive(isForbidden: (path: string) => boolean = () => false): Promise<Archive> {
  const store = createBlobStore(() => Date.now());
  const httpClient = blobHttpClientOf((call) => {
    if (!isForbidden(call.url.pathname)) return Promise.resolve(store.answer(call));
    return Promise.resolve({ status: 403, headers: { "x-ms-error-code": "AuthorizationPermissionMismatch" } });
  });
  const service = BlobServiceClient.fromConnectionString(azuriteConnectionString(10_000), { httpClient });
  const container = service.getContainerClient("archive");
  await container.create();
  return archive(container);
}
