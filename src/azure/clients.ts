import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ImageBuilderClient } from "@azure/arm-imagebuilder";
import { NetworkManagementClient } from "@azure/arm-network";
import { ResourceManagementClient } from "@azure/arm-resources";
import { StorageManagementClient } from "@azure/arm-storage";
import { ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import type { Settings } from "../settings.ts";

const ARM_SCOPE = "https://management.azure.com/.default";

export type Clients = ReturnType<typeof createClients>;

/** The SDK clients that the service works with, all signed in as its own managed identity. */
export function createClients(settings: Settings) {
  const credential = new ManagedIdentityCredential(settings.clientId ? { clientId: settings.clientId } : {});
  const { subscriptionId, armEndpoint } = settings;
  // The older generation of SDKs asks for a token of the endpoint where it is not told the scope.
  const options = { endpoint: armEndpoint, credentials: { scopes: [ARM_SCOPE] }, credentialScopes: ARM_SCOPE };
  return {
    credential: credential as TokenCredential,
    imageBuilder: new ImageBuilderClient(credential, subscriptionId, options),
    // The SDK re-sends a POST after a 503, which would start a second run.
    imageBuilderOnce: new ImageBuilderClient(credential, subscriptionId, {
      ...options,
      retryOptions: { maxRetries: 0 },
    }),
    authorization: new AuthorizationManagementClient(credential, subscriptionId, options),
    network: new NetworkManagementClient(credential, subscriptionId, options),
    resources: new ResourceManagementClient(credential, subscriptionId, options),
    storageAccounts: new StorageManagementClient(credential, subscriptionId, options).storageAccounts,
    archive: archiveContainer(settings, credential),
  };
}

function archiveContainer({ archive, archiveContainer }: Settings, credential: TokenCredential): ContainerClient {
  const service =
    "blobServiceUri" in archive
      ? new BlobServiceClient(archive.blobServiceUri, credential)
      : BlobServiceClient.fromConnectionString(archive.connectionString);
  return service.getContainerClient(archiveContainer);
}
