import { describe, expect, it } from "vitest";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import { readable } from "../../../../src/domain/preflight/readable.ts";
import {
  absent,
  ground,
  networkId,
  refused,
  routeTableId,
  securityGroupId,
  withSubnet,
} from "../../../support/ground.ts";
import { ruleCases } from "../../../support/ruleCases.ts";

describe("what cannot be read", () =>
  ruleCases(readable, [
    ["is nothing where all is shown", ground()],
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
