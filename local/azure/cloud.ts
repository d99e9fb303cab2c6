import { IDENTITY_PATH } from "./entra/identityEndpoint.ts";
import { type AzureOptions, type CloudControls, openAzure } from "./openAzure.ts";
import { serverCertificate } from "./server/certificate.ts";
import { listen, portOf, stop } from "./server/listen.ts";

export interface CloudOptions extends AzureOptions {
  /** Of HTTPS: ARM, blobs and control. 0, the default, is any that is free. */
  port?: number;
  /** Of the managed identity endpoint, plain HTTP on 127.0.0.1. */
  identityPort?: number;
}

export interface Cloud extends CloudControls {
  /** `https://localhost:8443` */
  url: string;
  /** For `IDENTITY_ENDPOINT`. */
  identityUrl: string;
  /** For `IDENTITY_HEADER`. */
  identityHeader: string;
  /** PEM of the authority that a client must trust. */
  caCertificate: string;
  close(): Promise<void>;
}

/** An Azure of one subscription, on this machine. */
export async function createCloud(options: CloudOptions): Promise<Cloud> {
  const { stateFolder, port = 0, identityPort = 0 } = options;
  const { azure, controls, doors, identityHeader, save, flush } = openAzure(options);
  const certificate = await serverCertificate(stateFolder);
  const server = await listen(port, doors.https, certificate);
  azure.origin = `https://localhost:${portOf(server)}`;
  const identityServer = await listen(identityPort, doors.identity).catch(async (error: unknown) => {
    await stop(server);
    throw error;
  });
  save();

  return {
    ...controls,
    url: azure.origin,
    identityUrl: `http://127.0.0.1:${portOf(identityServer)}${IDENTITY_PATH}`,
    identityHeader,
    caCertificate: certificate.ca,
    async close() {
      await Promise.all([stop(server), stop(identityServer)]);
      save();
      await flush();
    },
  };
}
