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
  const service = memoryBlobs(isForbidden);
  const container = service.getContainerClient("archive");
  await container.create();
  return archive(container);
}

/** Containers of blobs in memory, as the service opens them; what is called `forbidden` cannot be read. */
export async function memoryArchives(...containers: string[]): Promise<(container: string) => Archive> {
  const service = memoryBlobs((path) => path.endsWith("/forbidden"));
  for (const one of containers) await service.getContainerClient(one).create();
  return (container) => archive(service.getContainerClient(container));
}

function memoryBlobs(isForbidden: (path: string) => boolean): BlobServiceClient {
  const store = createBlobStore(() => Date.now());
  const httpClient = blobHttpClientOf((call) => {
    if (!isForbidden(call.url.pathname)) return Promise.resolve(store.answer(call));
    return Promise.resolve({ status: 403, headers: { "x-ms-error-code": "AuthorizationPermissionMismatch" } });
  });
  return BlobServiceClient.fromConnectionString(azuriteConnectionString(10_000), { httpClient });
}
