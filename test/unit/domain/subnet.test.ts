import { describe, expect, it } from "vitest";
import { checkSubnet, type ObservedNetwork, type ObservedSubnet } from "../../../src/domain/subnet.ts";

const id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets/snet";

const network = (subnet: Partial<ObservedSubnet> = {}, location = "westeurope"): ObservedNetwork => ({
  location,
  space: { prefixes: ["10.0.0.0/24"], isComplete: true },
  subnets: [
    {
      id,
      addressPrefixes: ["10.0.0.0/28"],
      privateLinkServiceNetworkPolicies: "Disabled",
      delegations: [],
      freeAddresses: 11,
      securityGroup: undefined,
      routes: [],
      hasNatGateway: false,
      defaultOutboundAccess: true,
      ...subnet,
    },
  ],
});

const codes = (observed: ObservedNetwork | undefined) =>
  checkSubnet(id, "westeurope", observed).map(({ code }) => code);

describe("checkSubnet", () => {
  it("finds nothing in a subnet as the documents ask for it", () => {
    expect(codes(network())).toEqual([]);
  });

  it("compares ids without case, as Azure does", () => {
    expect(codes(network({ id: id.toUpperCase() }))).toEqual([]);
  });

  it.each([
    ["subnet-not-found", undefined],
    ["subnet-not-found", { ...network(), subnets: [] }],
    ["network-in-other-region", network({}, "northeurope")],
    ["private-link-service-policies-enabled", network({ privateLinkServiceNetworkPolicies: "Enabled" })],
    ["private-link-service-policies-enabled", network({ privateLinkServiceNetworkPolicies: undefined })],
    ["subnet-delegated", network({ delegations: ["Microsoft.ContainerInstance/containerGroups"] })],
    ["subnet-too-small", network({ addressPrefixes: ["10.0.0.0/29"], freeAddresses: undefined })],
    ["no-way-out", network({ defaultOutboundAccess: false })],
    ["route-dead-end", network({ routes: [{ name: "r", addressPrefix: "0.0.0.0/0", nextHopType: "None" }] })],
    ["route-table-unreadable", network({ routes: "unreadable" })],
    ["security-group-unreadable", network({ securityGroup: "unreadable" })],
    ["too-few-free-addresses", network({ freeAddresses: 3 })],
  ])("finds %s", (code, observed) => {
    expect(codes(observed)).toEqual([code]);
  });

  it("finds several faults at once", () => {
    expect(codes(network({ freeAddresses: 0, privateLinkServiceNetworkPolicies: "Enabled" }, "northeurope"))).toEqual([
      "network-in-other-region",
      "private-link-service-policies-enabled",
      "too-few-free-addresses",
    ]);
  });

  it("gives the command that mends the link service policy, for this very subnet", () => {
    const [finding] = checkSubnet(id, "westeurope", network({ privateLinkServiceNetworkPolicies: "Enabled" }));
    expect(finding?.mend).toContain("--resource-group rg --vnet-name vnet --name snet");
  });
});
