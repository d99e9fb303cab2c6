import { describe, expect, it } from "vitest";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import { readable } from "../../../../src/domain/preflight/readable.ts";
import {
  type GroundChanges,
  absent,
  ground,
  networkId,
  planOf,
  refused,
  routeTableId,
  securityGroupId,
  withSubnet,
} from "../../../support/ground.ts";
import { type Case, ruleCases } from "../../../support/ruleCases.ts";

const role = planOf().grants.imageCreation.roleDefinitionId;
const OTHERS: [string, GroundChanges][] = [
  ["builder-unreadable", { builder: refused("/builder") }],
  ["federated-credentials-unreadable", { federatedCredentials: refused("/builder") }],
  ["builder-assignments-unreadable", { builderAssignments: refused("/assignments") }],
  ["service-assignments-unreadable", { serviceAssignments: refused("/assignments") }],
  ["custom-roles-unreadable", { customRoles: refused("/roles") }],
  ["service-permissions-unreadable", { servicePermissions: [refused("/scope")] }],
  ["role-unreadable", { roleDefinitions: [refused(role)] }],
  ["source-unreadable", { sourceImage: refused("/source") }],
  ["terms-unreadable", { termsAccepted: refused("/terms") }],
  ["definition-unreadable", { definition: refused("/definition") }],
  ["versions-unreadable", { versions: refused("/versions") }],
  ["providers-unreadable", { providers: refused("/providers") }],
  ["compute-usages-unreadable", { computeUsages: refused("/usages") }],
  ["container-usages-unreadable", { containerUsages: refused("/usages") }],
  ["policies-unreadable", { policyAssignments: refused("/policies") }],
];

describe("what cannot be read", () =>
  ruleCases(readable, [
    ["is nothing where all is shown", ground()],
    ...OTHERS.map(([code, changes]): Case => [`is told as ${code}`, ground(changes), code]),
    [
      "is what is there in any case and is said not to be",
      ground({ providers: absent("/providers") }),
      "providers-unreadable",
    ],
    [
      "is not told of an identity that is not there",
      ground({ builder: absent("/b"), federatedCredentials: absent("/b") }),
    ],
    ["is the network", ground({ virtualNetwork: refused(networkId) }), "virtual-network-unreadable"],
    ["is its usages", ground({ subnetUsages: refused(networkId) }), "subnet-usages-unreadable"],
    [
      "is a security group",
      withSubnet({ securityGroupId }, { securityGroups: [refused(securityGroupId)] }),
      "security-group-unreadable",
    ],
    [
      "is a security group that is gone",
      withSubnet({ securityGroupId }, { securityGroups: [absent(securityGroupId)] }),
      "security-group-missing",
    ],
    [
      "is a route table",
      withSubnet({ routeTableId }, { routeTables: [refused(routeTableId)] }),
      "route-table-unreadable",
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
