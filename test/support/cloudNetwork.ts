import { expect } from "vitest";
import type { TestCloud } from "./cloud.ts";
import { ids } from "./cloudTemplates.ts";

export const NETWORK_GROUP = "rg-network";
/** Of Microsoft.Network's API, as the end of a URL. */
export const NETWORK_VERSION = "?api-version=2025-05-01";

/** Id of a resource beside the network of the landscape. */
export const besideNetwork = (type: string, name: string) =>
  `${ids.subscription}/resourceGroups/${NETWORK_GROUP}/providers/Microsoft.Network/${type}/${name}`;

/** Raw requests to Microsoft.Network, by the operator. */
export function networkRequests(cloud: () => TestCloud) {
  const put = (id: string, properties: object, more: object = { location: "westeurope" }) =>
    cloud().send("PUT", id + NETWORK_VERSION, { body: { ...more, properties } });
  const settle = () => cloud().pass(60);
  return {
    get: async (id: string) => (await cloud().send("GET", id + NETWORK_VERSION)).body,
    put,
    putSubnet: (name: string, properties: object) => put(`${ids.network}/subnets/${name}`, properties, {}),
    /** A public address that nobody has. @returns its id. */
    async putPublicAddress(): Promise<string> {
      const id = besideNetwork("publicIPAddresses", "ip");
      await put(id, { publicIPAllocationMethod: "Static" }, { location: "westeurope", sku: { name: "Standard" } });
      await settle();
      return id;
    },
    /** Has the landscape's network ask these servers for names. */
    async putDnsServers(...dnsServers: string[]): Promise<void> {
      const { body } = await cloud().send("GET", ids.network + NETWORK_VERSION);
      const { properties } = body as { properties: object };
      expect((await put(ids.network, { ...properties, dhcpOptions: { dnsServers } })).status).toBe(200);
      await settle();
    },
    /** Lets every write end that is under way. */
    settle,
  };
}
