import { describe, expect, it } from "vitest";
import { grantDescription } from "../../../src/domain/grant.ts";
import { judged } from "../../../src/domain/standingGrant.ts";

const NOW = new Date("2026-01-15T02:00:00Z");
const until = "2026-02-01T00:00:00Z";
const someones = {
  id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Authorization/roleAssignments/one",
  name: "one",
  scope: "/subscriptions/s/resourceGroups/rg",
  principalId: "p",
  roleDefinitionId: "r",
};

describe("a standing grant that the settings accept", () => {
  it("is put up with until its date", () => {
    const accepted = [{ id: someones.id.toUpperCase(), until }];
    expect(judged([someones], accepted, NOW)).toEqual({
      standing: [{ id: someones.id, acceptedUntil: until }],
      blocking: [],
    });
    expect(judged([someones], accepted, new Date(until)).blocking).toEqual([someones]);
  });

  it("blocks all the same where another installation has made it, which takes it away as it pleases", () => {
    const another = { ...someones, description: grantDescription("other", until) };
    expect(judged([another], [{ id: another.id, until }], NOW)).toEqual({ standing: [], blocking: [another] });
  });
});
