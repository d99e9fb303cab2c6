import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { expect, it } from "vitest";
import { NOT_SIMULATED, REASONS } from "../../docs/permissionReasons.ts";
import { withPermissionTables } from "../../docs/permissionTables.ts";
import { heldRoles } from "../support/bicep/heldRoles.ts";
import { root } from "../support/bicep/infraFiles.ts";

const page = readFileSync(join(root, "docs", "permissions.md"), "utf8");

it("docs/permissions.md has what infra/ deploys: otherwise `npm run docs`", async () => {
  expect(await format(withPermissionTables(page), { parser: "markdown", printWidth: 120 })).toBe(page);
});

it("each reason is of a role that there is, and of an action that it has", () => {
  const { roles, held } = heldRoles();
  const names = new Set([...roles.map(({ name }) => name), ...held.map(({ role }) => role)]);
  expect(new Set(Object.keys(REASONS))).toEqual(names);
  const actions = roles.flatMap(({ name, actions }) => actions.map((action) => `${name}: ${action}`));
  expect(Object.keys(NOT_SIMULATED).filter((one) => !actions.includes(one))).toEqual([]);
});

it("every custom role is given to the service, or leased", () => {
  const { roles, held } = heldRoles();
  const given = new Set(held.flatMap(({ role, gives }) => [role, ...gives]));
  expect(roles.map(({ name }) => name).filter((name) => !given.has(name))).toEqual([]);
});

it("docs/access.md names each of Azure's own roles that the service holds, but for what its host asks for", () => {
  const { roles, held } = heldRoles();
  const custom = new Set(roles.map(({ name }) => name));
  const ofAzure = held.filter(({ role, on }) => !custom.has(role) && on !== "the host's storage account");
  expect(ofAzure.length).toBeGreaterThan(3);
  const access = readFileSync(join(root, "docs", "access.md"), "utf8").replaceAll(/\s+/g, " ");
  expect(ofAzure.map(({ role }) => role).filter((role) => !access.includes(role))).toEqual([]);
});
