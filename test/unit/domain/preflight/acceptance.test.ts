import { expect, it } from "vitest";
import { checkGround } from "../../../../src/domain/preflight/checkGround.ts";
import {
  ground,
  networkId,
  planOf,
  refused,
  subnetId,
  virtualNetwork,
  found,
  subnet,
} from "../../../support/ground.ts";

const accepting = (code: string) => planOf({}, { accept: [{ code, reason: "known since May" }] });

it("gives a warning that the recipe accepts its reason", () => {
  const plan = accepting("subnet-usages-unreadable");
  const [finding, ...others] = checkGround(ground({ plan, subnetUsages: refused(networkId) }));
  expect(finding).toMatchObject({ code: "subnet-usages-unreadable", severity: "warns", accepted: "known since May" });
  expect(others).toEqual([]);
});

it("accepts nothing that blocks", () => {
  const network = virtualNetwork({ subnets: [subnet({ privateLinkServiceNetworkPolicies: "Enabled" })] });
  const plan = accepting("private-link-service-policies-enabled");
  const [finding] = checkGround(ground({ plan, virtualNetwork: found(networkId, network) }));
  expect(finding).toMatchObject({ severity: "blocks", resource: subnetId });
  expect(finding).not.toHaveProperty("accepted");
});
