import { describe, expect, it } from "vitest";
import type { ArmReader } from "../../../src/azure/armReader.ts";
import { observeVirtualNetwork } from "../../../src/azure/observedNetworks.ts";
import { valueOf } from "../../../src/domain/preflight/observed.ts";
import { routedPrefixes, spaceOfNetwork } from "../../../src/domain/preflight/virtualNetwork.ts";
import { found, natGatewayId, networkId, subnetId } from "../../support/ground.ts";

const peering = (name: string, prefix: string, changes: object = {}) => ({
  name,
  properties: { peeringState: "Connected", remoteAddressSpace: { addressPrefixes: [prefix] }, ...changes },
});

async function observe(properties: object) {
  const body = {
    id: networkId,
    location: "westeurope",
    properties: { addressSpace: { addressPrefixes: ["10.0.0.0/24"] }, ...properties },
  };
  const reader: ArmReader = { get: async (path) => found(path, body), list: async (path) => found(path, []) };
  const network = valueOf(await observeVirtualNetwork(reader, networkId));
  if (!network) throw new Error("It is not understood.");
  return network;
}

describe("a virtual network as Azure shows it", () => {
  it("has the NAT gateway that is for all of its subnets", async () => {
    expect((await observe({ defaultPublicNatGateway: { id: natGatewayId } })).natGatewayId).toBe(natGatewayId);
    expect((await observe({})).natGatewayId).toBeUndefined();
  });

  it("has the policies of a subnet's service endpoints, and its own DNS servers", async () => {
    const network = await observe({
      dhcpOptions: { dnsServers: ["10.9.0.4"] },
      subnets: [
        {
          id: subnetId,
          name: "snet-builds",
          properties: { addressPrefix: "10.0.0.0/28", serviceEndpointPolicies: [{ id: "/policy" }] },
        },
      ],
    });
    expect(network.dnsServers).toEqual(["10.9.0.4"]);
    expect(network.subnets).toMatchObject([{ endpointPolicyIds: ["/policy"] }]);
  });

  it("leaves out of VirtualNetwork a peer that it gives no access, though routes lead there", async () => {
    const network = await observe({
      virtualNetworkPeerings: [
        peering("near", "10.1.0.0/16", { allowVirtualNetworkAccess: true }),
        peering("far", "10.2.0.0/16", { allowVirtualNetworkAccess: false }),
        peering("old", "10.3.0.0/16"),
      ],
    });
    expect(spaceOfNetwork(network).prefixes).toEqual(["10.0.0.0/24", "10.1.0.0/16", "10.3.0.0/16"]);
    expect(routedPrefixes(network)).toEqual(["10.0.0.0/24", "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"]);
  });
});
