import { describe, expect, it } from "vitest";
import { acceptance } from "../../../../src/domain/preflight/acceptance.ts";
import { RULES } from "../../../../src/domain/preflight/catalogue.ts";
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
import { ruleCases } from "../../../support/ruleCases.ts";

const accepting = (code: string) => planOf({}, { accept: [{ code, reason: "known since May" }] });

it("gives a warning that the recipe accepts its reason", () => {
  const plan = accepting("subnet-usages-unreadable");
  const [finding, ...others] = checkGround(ground({ plan, subnetUsages: refused(networkId) }));
  expect(finding).toMatchObject({ code: "subnet-usages-unreadable", severity: "warns", accepted: "known since May" });
  expect(others).toEqual([]);
});

describe("what a recipe accepts", () =>
  ruleCases(acceptance(RULES), [
    ["passes where it is nothing", ground()],
    ["passes as a warning, found or not", ground({ plan: accepting("subnet-usages-unreadable") })],
    ["passes as a note", ground({ plan: accepting("flow-undecided") })],
    ["is told where no rule has it", ground({ plan: accepting("subnet-usage-unreadable") }), "accept-unknown"],
    ["is told where it blocks", ground({ plan: accepting("subnet-not-found") }), "accept-blocking"],
  ]));

it("accepts nothing that blocks", () => {
  const network = virtualNetwork({ subnets: [subnet({ privateLinkServiceNetworkPolicies: "Enabled" })] });
  const plan = accepting("private-link-service-policies-enabled");
  const [finding] = checkGround(ground({ plan, virtualNetwork: found(networkId, network) }));
  expect(finding).toMatchObject({ severity: "blocks", resource: subnetId });
  expect(finding).not.toHaveProperty("accepted");
});
