import { describe, expect, it } from "vitest";
import { planGrant } from "../../../src/domain/grant.ts";

const grant = {
  role: "network join",
  scope: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/VNet",
  principalId: "22222222-3333-4444-8555-666666666666",
  roleDefinition: "33333333-4444-4555-8666-777777777777",
} as const;

describe("planGrant", () => {
  it("gives the same GUID for the same scope, principal and role, however they are written", () => {
    const one = planGrant("a", "sub", grant).name;
    const other = planGrant("a", "sub", { ...grant, scope: grant.scope.toUpperCase() }).name;
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(other).toBe(one);
  });

  it.each([
    { scope: `${grant.scope}2` },
    { principalId: "92222222-3333-4444-8555-666666666666" },
    { roleDefinition: "93333333-4444-4555-8666-777777777777" },
  ])("gives another GUID where %o differs", (change) => {
    expect(planGrant("a", "sub", { ...grant, ...change }).name).not.toBe(planGrant("a", "sub", grant).name);
  });

  it("gives another installation another GUID", () => {
    expect(planGrant("b", "sub", grant).name).not.toBe(planGrant("a", "sub", grant).name);
  });
});
