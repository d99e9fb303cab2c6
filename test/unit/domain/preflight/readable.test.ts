import { describe, expect, it } from "vitest";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import type { Observed } from "../../../../src/domain/preflight/observed.ts";
import { readable } from "../../../../src/domain/preflight/readable.ts";
import {
  type GroundChanges,
  absent,
  containerSubnetId,
  found,
  ground,
  natGatewayId,
  networkId,
  planOf,
  refused,
  registered,
  routeTableId,
  securityGroupId,
  usage,
  withSubnet,
} from "../../../support/ground.ts";
import { type Case, ruleCases } from "../../../support/ruleCases.ts";
import { grantOf } from "../../../support/plan.ts";

const role = grantOf(planOf(), "image creation").roleDefinitionId;
const notAsked: Observed<never> = { resource: "", kind: "not asked" };
type Seen = (resource: string) => Observed<never>;
/** Azure does not answer, which no role mends. */
const silent: Seen = (resource) => ({ resource, kind: "unreadable", code: "503", message: "", isPassing: true });

const OTHERS: [string, (seen: Seen) => GroundChanges][] = [
  ["virtual-network-unreadable", (seen) => ({ virtualNetwork: seen(networkId) })],
  ["subnet-usages-unreadable", (seen) => ({ subnetUsages: seen(networkId) })],
  ["security-group-unreadable", (seen) => withSubnet({ securityGroupId }, { securityGroups: [seen(securityGroupId)] })],
  ["route-table-unreadable", (seen) => withSubnet({ routeTableId }, { routeTables: [seen(routeTableId)] })],
  ["nat-gateway-unreadable", (seen) => withSubnet({ natGatewayId }, { natGateways: [seen(natGatewayId)] })],
  [
    "firewall-unreadable",
    (seen) => ({ firewalls: [{ address: "10.0.0.68", firewall: seen("/fws"), policy: notAsked }] }),
  ],
  [
    "firewall-policy-unreadable",
    (seen) => ({ firewalls: [{ address: "10.0.0.68", firewall: notAsked, policy: seen("/policy") }] }),
  ],
  ["builder-unreadable", (seen) => ({ builder: seen("/builder") })],
  ["federated-credentials-unreadable", (seen) => ({ federatedCredentials: seen("/builder") })],
  ["builder-assignments-unreadable", (seen) => ({ builderAssignments: seen("/assignments") })],
  ["service-assignments-unreadable", (seen) => ({ serviceAssignments: seen("/assignments") })],
  [
    "builder-assignments-unreadable",
    (seen) => ({ assignmentsElsewhere: { builder: [seen("/subscriptions/b/assignments")], service: [] } }),
  ],
  [
    "service-assignments-unreadable",
    (seen) => ({ assignmentsElsewhere: { builder: [], service: [seen("/subscriptions/b/assignments")] } }),
  ],
  ["custom-roles-unreadable", (seen) => ({ customRoles: seen("/roles") })],
  ["service-permissions-unreadable", (seen) => ({ servicePermissions: [seen("/scope")] })],
  ["role-unreadable", (seen) => ({ roleDefinitions: [seen(role)] })],
  ["source-unreadable", (seen) => ({ sourceImage: seen("/source") })],
  ["terms-unreadable", (seen) => ({ termsAccepted: seen("/terms") })],
  ["definition-unreadable", (seen) => ({ definition: seen("/definition") })],
  ["versions-unreadable", (seen) => ({ versions: seen("/versions") })],
  ["script-container-unreadable", (seen) => ({ scriptContainer: seen("/container") })],
  ["script-account-unreadable", (seen) => ({ scriptAccounts: [seen("/account")] })],
  ["providers-unreadable", (seen) => ({ providers: seen("/providers") })],
  ["compute-usages-unreadable", (seen) => ({ computeUsages: seen("/usages") })],
  ["container-usages-unreadable", (seen) => ({ containerUsages: seen("/usages") })],
  ["policies-unreadable", (seen) => ({ policyAssignments: seen("/policies") })],
];

describe("what cannot be read", () =>
  ruleCases(readable, [
    ["is nothing where all is shown", ground()],
    ...OTHERS.flatMap(([code, changes]): Case[] => [
      [`is told as ${code}`, ground(changes(refused)), code],
      [`is told as ${code} where Azure does not answer`, ground(changes(silent)), code],
    ]),
    [
      "is what is there in any case and is said not to be",
      ground({ providers: absent("/providers") }),
      "providers-unreadable",
    ],
    [
      "is a subnet that the usages do not show",
      ground({ subnetUsages: found(networkId, [{ subnetId: containerSubnetId, free: 11 }]) }),
      "subnet-usages-unreadable",
    ],
    [
      "is the quotas of containers",
      ground({ containerUsages: found("/usages", [usage("StandardCores")]) }),
      "container-usages-unreadable",
    ],
    [
      "is the quota of the region",
      ground({ computeUsages: found("/usages", [usage("standardDSv5Family")]) }),
      "compute-usages-unreadable",
    ],
    [
      "is the regions of image builder",
      ground({
        providers: found(
          "/providers",
          registered.map((one) => ({ ...one, locations: {} })),
        ),
      }),
      "providers-unreadable",
    ],
    [
      "is not told of an identity that is not there",
      ground({ builder: absent("/b"), federatedCredentials: absent("/b") }),
    ],
    [
      "is a NAT gateway that is gone",
      withSubnet({ natGatewayId }, { natGateways: [absent(natGatewayId)] }),
      "nat-gateway-missing",
    ],
    [
      "is a security group that is gone",
      withSubnet({ securityGroupId }, { securityGroups: [absent(securityGroupId)] }),
      "security-group-missing",
    ],
    [
      "is a route table that is gone",
      withSubnet({ routeTableId }, { routeTables: [absent(routeTableId)] }),
      "route-table-missing",
    ],
  ]));

describe("a finding of what cannot be read", () => {
  it("names the action that is missing", () => {
    const [finding] = checkGround(ground({ subnetUsages: refused(networkId) }));
    expect(finding).toMatchObject({ owner: "identity", mend: expect.stringContaining("Microsoft.Network/x/read") });
  });

  it("keeps nothing else from being checked", () => {
    const codes = checkGround(
      withSubnet({ securityGroupId, defaultOutboundAccess: false }, { securityGroups: [refused(securityGroupId)] }),
    ).map(({ code }) => code);
    expect(codes).toEqual(["no-way-out", "security-group-unreadable"]);
  });
});
