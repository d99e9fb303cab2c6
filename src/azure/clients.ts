import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ImageBuilderClient } from "@azure/arm-imagebuilder";
import { ResourceManagementClient } from "@azure/arm-resources";
import type { TokenCredential } from "@azure/identity";
import { BlobServiceClient, ContainerClient, type IHttpClient, type StoragePipelineOptions } from "@azure/storage-blob";
import type { HttpClient, PipelinePolicy } from "@azure/core-rest-pipeline";
import type { Settings } from "../settings.ts";
import { NO_TELEMETRY, type Telemetry } from "../telemetry/telemetry.ts";
import { armReader } from "./armReader.ts";
import { managedIdentity } from "./managedIdentity.ts";
import { toldCalls } from "./toldCalls.ts";

const ARM_SCOPE = "https://management.azure.com/.default";

/** Whoever asks repeats it. */
const ONCE = { maxTries: 1 };

export type Clients = ReturnType<typeof createClients>;

/** What the clients reach Azure by, where not by sockets and the managed identity. */
export interface Transport {
  credential: TokenCredential;
  httpClient: HttpClient;
  /** The storage SDK has a kind of HTTP client of its own. */
  blobHttpClient: IHttpClient;
  /** What is reached now, where that changes: what is remembered of one is not of another. */
  place(): unknown;
}

/**
 * The SDK clients that the service works with, all signed in as its own managed identity.
 *
 * @param telemetry is told of each request to Azure Resource Manager.
 */
export function createClients(settings: Settings, transport?: Transport, telemetry: Telemetry = NO_TELEMETRY) {
  const credential = transport?.credential ?? managedIdentity(settings.clientId);
  const through = transport ? { httpClient: transport.httpClient } : {};
  const blobsThrough = transport ? { httpClient: transport.blobHttpClient } : {};
  const { subscriptionId, armEndpoint: endpoint, armTimeoutSeconds } = settings;
  // The SDKs would wait for ever for an answer that does not come, and an entity whose operation waits serves nobody.
  const giveUp: PipelinePolicy = {
    name: "giveUp",
    sendRequest: (request, next) => next(Object.assign(request, { timeout: armTimeoutSeconds * 1000 })),
  };
  // The older generation of SDKs asks for a token of the endpoint where it is not told the scope.
  const options = {
    ...through,
    endpoint,
    credentials: { scopes: [ARM_SCOPE] },
    credentialScopes: ARM_SCOPE,
    // A step is repeated by the engine, which keeps what Azure asks to wait without keeping an activity; and a POST that
    // the SDK re-sent after a 503 would start a second run.
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [
      { policy: giveUp, position: "perCall" as const },
      // Behind the one that signs: where there is no token, no request is sent.
      { policy: toldCalls(telemetry), position: "perRetry" as const },
    ],
  };
  const resources = new ResourceManagementClient(credential, subscriptionId, options);
  const recipeBlobs = (place: string) =>
    place.includes("/")
      ? new ContainerClient(place, credential, { ...blobsThrough, retryOptions: ONCE })
      : container(place);
  const token = async () => {
    const given = await credential.getToken(ARM_SCOPE);
    if (!given) throw new Error("Nobody gives a token.");
    return given.token;
  };
  const container = (name: string) => archiveContainer(settings, name, credential, blobsThrough);
  return {
    imageBuilder: new ImageBuilderClient(credential, subscriptionId, options),
    authorization: new AuthorizationManagementClient(credential, subscriptionId, options),
    resources,
    /** For what is read of many providers, and a client of each would be too much. */
    reader: armReader(endpoint, resources.pipeline, transport?.httpClient),
    place: () => transport?.place(),
    /** An access token for ARM; it is kept by the SDK as long as it is good. */
    token,
    /** Blobs of a storage account beside the archive's, by its endpoint. */
    blobsAt: (url: string) => new BlobServiceClient(url, credential, { ...blobsThrough, retryOptions: ONCE }),
    archive: container(settings.archiveContainer),
    /** Where the recipes are that do not come with the service. */
    recipes: settings.recipeContainer === undefined ? undefined : recipeBlobs(settings.recipeContainer),
    /** A container beside the archive's. */
    container,
  };
}

function archiveContainer(
  { archive }: Settings,
  name: string,
  credential: TokenCredential,
  through: StoragePipelineOptions,
): ContainerClient {
  const service =
    "blobServiceUri" in archive
      ? new BlobServiceClient(archive.blobServiceUri, credential, through)
      : BlobServiceClient.fromConnectionString(archive.connectionString, through);
  return service.getContainerClient(name);
}
