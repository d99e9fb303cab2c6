import { describe, expect, it } from "vitest";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import { networkPlace } from "../../../../src/domain/preflight/networkPlace.ts";
import { privateLinkPolicies } from "../../../../src/domain/preflight/privateLinkPolicies.ts";
import { subnetDelegation } from "../../../../src/domain/preflight/subnetDelegation.ts";
import { subnetExists } from "../../../../src/domain/preflight/subnetExists.ts";
import { subnetSpace } from "../../../../src/domain/preflight/subnetSpace.ts";
import { endpointPolicies } from "../../../../src/domain/preflight/endpointPolicies.ts";
import { ruleCases } from "../../../support/ruleCases.ts";
import {
  absent,
  containerSubnet,
  containerSubnetId,
  found,
  ground,
  isolatedPlan,
  networkId,
  ownNetworkPlan,
  refused,
  subnet,
  subnetId,
  virtualNetwork,
  withSubnet,
} from "../../../support/ground.ts";

const unreadable = ground({ virtualNetwork: refused(networkId) });
const isolated = isolatedPlan();
const withSubnets = (...subnets: ReturnType<typeof subnet>[]) => ({
  virtualNetwork: found(networkId, virtualNetwork({ subnets })),
});

describe("that the subnets are there", () =>
  ruleCases(subnetExists, [
    ["passes where they are", ground()],
    ["passes whatever the case of their ids", withSubnet({ id: subnetId.toUpperCase() })],
    ["passes for two", ground({ plan: isolated })],
    [
      "is not asked of a build in a network of image builder's own",
      ground({ plan: ownNetworkPlan(), virtualNetwork: absent("") }),
    ],
    ["cannot be told where the network is not shown", unreadable],
    ["fails without the network", ground({ virtualNetwork: absent(networkId) }), "subnet-not-found"],
    [
      "fails once without the network of two",
      ground({ plan: isolated, virtualNetwork: absent(networkId) }),
      "subnet-not-found",
    ],
    ["fails without the subnet", ground(withSubnets()), "subnet-not-found"],
    [
      "fails without the container's",
      ground({ plan: isolated, ...withSubnets(subnet()) }),
      "container-subnet-not-found",
    ],
    [
      "fails without the container's where the network has no room for it",
      ground({
        plan: isolated,
        virtualNetwork: found(networkId, virtualNetwork({ addressPrefixes: ["10.0.0.0/28"], subnets: [subnet()] })),
      }),
      "container-subnet-not-found",
    ],
    ["does not ask for the container's where there is none", ground(withSubnets(subnet()))],
  ]));

describe("where the network is", () =>
  ruleCases(networkPlace, [
    ["passes in the template's region", ground()],
    [
      "passes whatever the case",
      ground({ virtualNetwork: found(networkId, virtualNetwork({ location: "WestEurope" })) }),
    ],
    ["cannot be told where it is not shown", unreadable],
    [
      "fails in another region",
      ground({ virtualNetwork: found(networkId, virtualNetwork({ location: "northeurope" })) }),
      "network-in-other-region",
    ],
    [
      "is told in another subscription",
      ground({ virtualNetwork: found(networkId, virtualNetwork({ id: networkId.replace("11111111", "21111111") })) }),
      "network-in-other-subscription",
    ],
    [
      "fails in another subscription where packer's container goes into the network, too",
      ground({
        plan: isolatedPlan(),
        virtualNetwork: found(networkId, virtualNetwork({ id: networkId.replace("11111111", "21111111") })),
      }),
      "container-subnet-in-other-subscription",
    ],
    [
      "passes where Azure shows the region by its display name",
      ground({ virtualNetwork: found(networkId, virtualNetwork({ location: "West Europe" })) }),
    ],
  ]));

describe("the policies for private link services", () =>
  ruleCases(privateLinkPolicies, [
    ["pass where they are off", withSubnet({ privateLinkServiceNetworkPolicies: "disabled" })],
    [
      "do not matter to an isolated build",
      withSubnet({ privateLinkServiceNetworkPolicies: "Enabled" }, { plan: isolated }),
    ],
    ["cannot be told where the network is not shown", unreadable],
    [
      "fail where they are on",
      withSubnet({ privateLinkServiceNetworkPolicies: "Enabled" }),
      "private-link-service-policies-enabled",
    ],
    [
      "fail where they are not told, which means on",
      withSubnet({ privateLinkServiceNetworkPolicies: undefined }),
      "private-link-service-policies-enabled",
    ],
  ]));

describe("delegations", () =>
  ruleCases(subnetDelegation, [
    ["pass where the build VM's subnet has none", ground()],
    ["pass where the container's has the one", ground({ plan: isolated })],
    ["cannot be told where the network is not shown", unreadable],
    ["fail on the build VM's subnet", withSubnet({ delegations: ["Microsoft.Web/serverFarms"] }), "subnet-delegated"],
    [
      "fail where the container's subnet has none",
      ground({ plan: isolated, ...withSubnets(subnet(), containerSubnet({ delegations: [] })) }),
      "container-subnet-not-delegated",
    ],
    [
      "fail where the two subnets are changed over",
      ground({
        plan: isolated,
        ...withSubnets(
          subnet({ delegations: ["Microsoft.ContainerInstance/containerGroups"] }),
          containerSubnet({ delegations: [] }),
        ),
      }),
      "subnet-delegated",
      "container-subnet-not-delegated",
    ],
  ]));

const free = (count: number, containers = 11) =>
  found(networkId, [
    { subnetId: subnetId.toUpperCase(), free: count },
    { subnetId: containerSubnetId, free: containers },
  ]);

describe("the space in the subnets", () =>
  ruleCases(subnetSpace, [
    ["passes with four addresses free in a /28", ground({ subnetUsages: free(4) })],
    [
      "passes with one each for an isolated build, also in a /29",
      ground({
        plan: isolated,
        subnetUsages: free(1, 1),
        ...withSubnets(subnet({ addressPrefixes: ["10.0.0.0/29"] }), containerSubnet()),
      }),
    ],
    [
      "passes where one of several prefixes is large enough",
      withSubnet({ addressPrefixes: ["10.0.0.0/29", "10.0.1.0/27"] }),
    ],
    ["cannot be told where usages are not shown", ground({ subnetUsages: refused(networkId) })],
    ["cannot be told where usages do not name the subnet", ground({ subnetUsages: found(networkId, []) })],
    ["cannot be told where the subnet shows no prefix", withSubnet({ addressPrefixes: [] }), "subnet-prefix-unknown"],
    ["fails with three", ground({ subnetUsages: free(3) }), "too-few-free-addresses"],
    [
      "fails without one for the container",
      ground({ plan: isolated, subnetUsages: free(1, 0) }),
      "too-few-free-addresses",
    ],
    ["fails without an IPv4 prefix", withSubnet({ addressPrefixes: ["fd00::/64"] }), "subnet-without-ipv4"],
    ["holds for one of both versions", withSubnet({ addressPrefixes: ["fd00::/64", "10.0.0.0/28"] })],
    ["fails in a /29", withSubnet({ addressPrefixes: ["10.0.0.0/29"] }), "subnet-too-small"],
  ]));

describe("several faults at once", () => {
  it("are all told, what blocks first", () => {
    const findings = checkGround(
      withSubnet(
        { privateLinkServiceNetworkPolicies: "Enabled", delegations: ["Microsoft.Web/serverFarms"] },
        { subnetUsages: refused(networkId) },
      ),
    );
    expect(findings.map(({ code }) => code)).toEqual([
      "private-link-service-policies-enabled",
      "subnet-delegated",
      "subnet-usages-unreadable",
    ]);
  });

  it("give the command that mends each, for this very subnet", () => {
    const [finding] = checkGround(withSubnet({ privateLinkServiceNetworkPolicies: "Enabled" }));
    expect(finding?.command).toBe(
      `az network vnet subnet update --ids ${subnetId} --private-link-service-network-policies Disabled`,
    );
    expect(finding?.bicep).toBe(
      `// properties of the subnet ${subnetId}\nprivateLinkServiceNetworkPolicies: 'Disabled'`,
    );
  });
});

const behind = (endpointPolicyIds: string[], service = "Microsoft.Storage") =>
  withSubnet({ endpointPolicyIds, serviceEndpoints: [{ service, locations: ["*"] }] });

describe("storage behind a service endpoint", () => {
  ruleCases(endpointPolicies, [
    ["is reached without a policy", behind([])],
    ["is reached whatever a policy says of another service's endpoint", behind(["/policy"], "Microsoft.KeyVault")],
    ["is reached without an endpoint, which a policy counts for", withSubnet({ endpointPolicyIds: ["/policy"] })],
    ["may be denied by a policy, which lists accounts", behind(["/policy"]), "storage-behind-endpoint-policy"],
  ]);
});
