import tls from "node:tls";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ComputeManagementClient } from "@azure/arm-compute";
import { ImageBuilderClient } from "@azure/arm-imagebuilder";
import { ManagedServiceIdentityClient } from "@azure/arm-msi";
import { ResourceManagementClient } from "@azure/arm-resources";
import { StorageManagementClient } from "@azure/arm-storage";
import type { TokenCredential } from "@azure/identity";
import { type Cloud, type CloudOptions, createCloud } from "../../local/azure/cloud.ts";
import type { Clock } from "../../local/clock/clock.ts";
import { skippingClock } from "../../local/clock/skippingClock.ts";
import { landscape, operatorIdentity, serviceIdentity } from "../../local/landscape.ts";
import { credentialFrom, type Identity, tokenFrom } from "./token.ts";

export type { Identity };

/** A managed image, for image versions to be made of. */
export const SOURCE_IMAGE = `/subscriptions/${landscape.subscriptionId}/resourceGroups/rg-images/providers/Microsoft.Compute/images/source`;
const osDisk = { osType: "Linux", osState: "Generalized", diskSizeGB: 30 };
const body = { location: "westeurope", properties: { hyperVGeneration: "V2", storageProfile: { osDisk } } };
const withSourceImage = { ...landscape, resources: [...landscape.resources, { id: SOURCE_IMAGE, body }] };

/** A local Azure of one test file, with everything that a test needs to talk to it. */
export interface TestCloud extends Cloud {
  clock: Clock;
  /** Lets time of the cloud pass; it takes none. */
  pass(seconds: number): Promise<void>;
  /** The real SDKs, signed in as that identity. */
  clientsOf(identity: Identity): SdkClients;
  /** The service's clients. */
  service: SdkClients;
  /** Clients that may do anything. */
  operator: SdkClients;
  /** A bearer token, straight from the identity endpoint. */
  tokenOf(identity: Identity, resource?: string): Promise<string>;
  /** A raw request to ARM or to a blob, with a token of the operator unless told otherwise. */
  send(method: string, path: string, options?: SendOptions): Promise<RawAnswer>;
}

export interface SendOptions {
  as?: Identity;
  /** Instead of a token of `as`; null is none. */
  token?: string | null;
  /** An object is sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface RawAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed, where it is JSON; of whatever shape the test expects. */
  body: ReturnType<typeof JSON.parse>;
}

export type SdkClients = ReturnType<typeof sdkClients>;

/** Starts a cloud. Use `reset()` between the tests of a file. */
export async function startCloud(options: Partial<CloudOptions> = {}): Promise<TestCloud> {
  const clock = options.clock ?? skippingClock(Date.now());
  const cloud = await createCloud({ landscape: withSourceImage, ...options, clock });
  tls.setDefaultCACertificates([...tls.getCACertificates(), cloud.caCertificate]);
  const tokenOf = (identity: Identity, resource?: string) => tokenFrom(cloud, identity, resource);
  const clientsOf = (identity: Identity) => sdkClients(cloud.url, credentialFrom(cloud, identity));
  return {
    ...cloud,
    clock,
    pass: (seconds) => clock.sleep(seconds * 1000),
    clientsOf,
    service: clientsOf(serviceIdentity),
    operator: clientsOf(operatorIdentity),
    tokenOf,
    async send(method, path, { as = operatorIdentity, token, body, headers } = {}) {
      const bearer = token === undefined ? await tokenOf(as) : token;
      const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
      const answer = await fetch(path.startsWith("https:") ? path : cloud.url + path, {
        method,
        headers: {
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          ...(text === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(text === undefined ? {} : { body: text }),
      });
      return readAnswer(answer);
    },
    async close() {
      await cloud.close();
      clock.close();
    },
  };
}

async function readAnswer(answer: Response): Promise<RawAnswer> {
  const text = await answer.text();
  const isJson = answer.headers.get("content-type")?.startsWith("application/json");
  return { status: answer.status, headers: answer.headers, text, body: isJson && text ? JSON.parse(text) : undefined };
}

function sdkClients(endpoint: string, credential: TokenCredential) {
  const { subscriptionId } = landscape;
  return {
    credential,
    imageBuilder: new ImageBuilderClient(credential, subscriptionId, { endpoint }),
    authorization: new AuthorizationManagementClient(credential, subscriptionId, { endpoint }),
    compute: new ComputeManagementClient(credential, subscriptionId, { endpoint }),
    identities: new ManagedServiceIdentityClient(credential, subscriptionId, { endpoint }),
    resources: new ResourceManagementClient(credential, subscriptionId, { endpoint }),
    storage: new StorageManagementClient(credential, subscriptionId, { endpoint }),
  };
}
