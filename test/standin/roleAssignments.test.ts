import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, landscapeSettings, operatorIdentity, serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { grantBuilder, grants, ids } from "../support/cloudTemplates.ts";

const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const NAME = "00000000-0000-4000-8000-00000000000a";
const OTHER_NAME = "00000000-0000-4000-8000-00000000000b";
const STRANGER = "00000000-0000-4000-8000-0000000000ff";

describe("role assignments", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud({ pageSize: 6 })));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const reader = {
    roleDefinitionId: ids.role(READER),
    principalId: builderIdentity.principalId,
    principalType: "ServicePrincipal",
  };
  const put = (scope: string, name: string, properties: object = {}) =>
    cloud.send("PUT", `${ids.assignment(scope, name)}?api-version=2022-04-01`, {
      body: { properties: { ...reader, ...properties } },
    });
  const at = (scope: string, filter?: string) =>
    cloud.send(
      "GET",
      `${scope}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01${filter ? `&$filter=${encodeURIComponent(filter)}` : ""}`,
    );
  const namesAt = async (scope: string, filter?: string) =>
    (await at(scope, filter)).body.value.map(({ name }: { name: string }) => name);

  it("answers 201 with the recorded body, which does not tell yet who made it", async () => {
    const { status, body } = await put(ids.imageGroup, NAME);
    expect(status).toBe(201);
    expect(body).toEqual({
      id: ids.assignment(ids.imageGroup, NAME),
      name: NAME,
      type: "Microsoft.Authorization/roleAssignments",
      properties: {
        ...reader,
        scope: ids.imageGroup,
        condition: null,
        conditionVersion: null,
        createdOn: expect.any(String),
        updatedOn: expect.any(String),
        createdBy: null,
        updatedBy: operatorIdentity.principalId,
        delegatedManagedIdentityResourceId: null,
        description: null,
      },
    });
    const read = await cloud.send("GET", `${ids.assignment(ids.imageGroup, NAME)}?api-version=2022-04-01`);
    expect(read.body.properties.createdBy).toBe(operatorIdentity.principalId);
  });

  it("takes the identical assignment again, and a new description", async () => {
    await put(ids.imageGroup, NAME);
    expect((await put(ids.imageGroup, NAME)).status).toBe(200);
    const changed = await put(ids.imageGroup, NAME, { description: "until noon" });
    expect(changed).toMatchObject({ status: 200, body: { properties: { description: "until noon" } } });
  });

  it("refuses the same scope, role and principal under another name", async () => {
    await put(ids.imageGroup, NAME);
    const again = await put(ids.imageGroup.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions"), OTHER_NAME);
    expect(again).toMatchObject({
      status: 409,
      body: { error: { code: "RoleAssignmentExists", message: "The role assignment already exists." } },
    });
  });

  it.each([
    ["another principal", () => put(ids.imageGroup, NAME, { principalId: serviceIdentity.principalId })],
    ["another scope, since names are unique in the tenant", () => put(ids.network, NAME)],
  ])("refuses a known name with %s", async (_, again) => {
    await put(ids.imageGroup, NAME);
    expect(await again()).toMatchObject({ status: 400, body: { error: { code: "RoleAssignmentUpdateNotPermitted" } } });
  });

  it("does not know a principal that is new, unless it is told the type", async () => {
    const unknown = await put(ids.imageGroup, NAME, { principalId: STRANGER, principalType: undefined });
    expect(unknown).toMatchObject({ status: 400, body: { error: { code: "PrincipalNotFound" } } });
    expect(unknown.body.error.message).toMatch(/^Principal 0{8}0{4}4.* does not exist in the directory /);
    expect((await put(ids.imageGroup, NAME, { principalId: STRANGER })).status).toBe(201);
    expect((await put(ids.network, OTHER_NAME, { principalType: undefined })).body.properties.principalType).toBe(
      "ServicePrincipal",
    );
  });

  it("knows the principal of a fresh identity only after it was replicated", async () => {
    const { clients, id } = {
      clients: cloud.operator,
      id: `${ids.imageGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/new`,
    };
    const made = await cloud.send("PUT", `${id}?api-version=2023-01-31`, { body: { location: "westeurope" } });
    const { principalId } = made.body.properties;
    const assign = () =>
      clients.authorization.roleAssignments.create(ids.imageGroup, NAME, {
        roleDefinitionId: ids.role(READER),
        principalId,
      });
    await expect(assign()).rejects.toMatchObject({ code: "PrincipalNotFound" });
    await cloud.pass(60);
    await expect(assign()).resolves.toMatchObject({ principalId });
  });

  it("refuses a custom role outside the scopes that it may be assigned at", async () => {
    const role = ids.role(landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE);
    expect(await put(ids.network, NAME, { roleDefinitionId: role })).toMatchObject({
      status: 400,
      body: { error: { code: "RoleAssignmentScopeNotAssignableToRoleDefinition" } },
    });
  });

  it.each([
    ["an unknown role", { roleDefinitionId: ids.role(STRANGER) }, "RoleDefinitionDoesNotExist"],
    ["a principal that is no GUID", { principalId: "me" }, "InvalidPrincipalId"],
    ["a type that the principal does not have", { principalType: "User" }, "UnmatchedPrincipalType"],
    ["a condition that does not parse", { condition: "@Request[a", conditionVersion: "2.0" }, "InvalidCondition"],
    ["a condition without its version", { condition: "(@Request[a:b] StringEquals 'c')" }, "InvalidConditionVersion"],
  ])("refuses %s", async (_, properties, code) => {
    expect(await put(ids.imageGroup, NAME, properties)).toMatchObject({ status: 400, body: { error: { code } } });
  });

  it("needs a scope that is there", async () => {
    expect((await put(`${ids.imageGroup}-none`, NAME)).body.error.code).toBe("ResourceGroupNotFound");
    const missing = await put(`${ids.network}-none`, NAME);
    expect(missing).toMatchObject({ status: 404, body: { error: { code: "ResourceNotFound" } } });
    expect(missing.body.error.message).toContain("'Microsoft.Network/virtualNetworks/vnet-builds-none'");
  });

  it("deletes with the body of what it was, and without one where there is nothing", async () => {
    await put(ids.imageGroup, NAME);
    const path = `${ids.assignment(ids.imageGroup, NAME)}?api-version=2022-04-01`;
    const deleted = await cloud.send("DELETE", path);
    expect(deleted).toMatchObject({ status: 200, body: { name: NAME, properties: { scope: ids.imageGroup } } });
    expect(await cloud.send("DELETE", path)).toMatchObject({ status: 204, text: "" });
    expect(await cloud.send("GET", path)).toMatchObject({
      status: 404,
      body: { error: { code: "RoleAssignmentNotFound" } },
    });
    expect((await put(ids.imageGroup, NAME)).status).toBe(201);
  });

  it("lists at, above and below a scope, and less with a filter", async () => {
    await put(ids.network, NAME);
    await put(ids.subscription, OTHER_NAME);
    const group = ids.network.split("/").slice(0, 5).join("/");
    expect(await namesAt(group, `principalId eq '${builderIdentity.principalId}'`)).toEqual([NAME, OTHER_NAME]);
    expect(await namesAt(group, `atScope() and assignedTo('${builderIdentity.principalId}')`)).toEqual([OTHER_NAME]);
    expect(await namesAt(group)).toContain(NAME);
    expect(await namesAt(group, "atScope()")).not.toContain(NAME);
    expect(await namesAt(ids.imageGroup, `principalId eq '${builderIdentity.principalId}'`)).toEqual([OTHER_NAME]);
    expect((await at(group, "nonsense")).status).toBe(400);
  });

  it("tells the SDK the same", async () => {
    await grantBuilder(cloud);
    const found: (string | undefined)[] = [];
    const filter = `principalId eq '${builderIdentity.principalId}'`;
    for await (const { name } of cloud.service.authorization.roleAssignments.listForScope(ids.imageGroup, { filter }))
      found.push(name);
    expect(found).toEqual([grants.imageCreation]);
  });

  it("does not outlive what it was made for", async () => {
    const group = `${ids.subscription}/resourceGroups/rg-short`;
    await cloud.send("PUT", `${group}?api-version=2021-04-01`, { body: { location: "westeurope" } });
    await put(group, NAME);
    await cloud.send("DELETE", `${group}?api-version=2021-04-01`);
    await cloud.pass(60);
    expect(await namesAt(ids.subscription)).not.toContain(NAME);
  });

  it("comes in pages in the list of a subscription", async () => {
    const names: (string | undefined)[] = [];
    for await (const { name } of cloud.operator.authorization.roleAssignments.listForSubscription()) names.push(name);
    expect(names).toHaveLength(cloud.state().roleAssignments.length);
    expect(new Set(names).size).toBe(names.length);
    const first = await at(ids.subscription);
    expect(first.body.value).toHaveLength(6);
    expect(first.body.nextLink).toContain("skipToken=");
  });

  it("takes both filters of a scope and a principal at once, and no others", async () => {
    await put(ids.definition, NAME);
    const both = `atScope() and assignedTo('${builderIdentity.principalId}')`;
    expect(await namesAt(ids.definition, both)).toEqual([NAME]);
    expect(await namesAt(ids.imageGroup, both)).toEqual([]);
    expect(await namesAt(ids.imageGroup, `principalId eq '${builderIdentity.principalId}'`)).toEqual([NAME]);
    expect((await at(ids.imageGroup, "atScope() or x()")).body.error.code).toBe("UnsupportedFilter");
  });

  it("cannot be read for a while where a scenario says so, though it is there", async () => {
    cloud.addFault({ scenario: "grant-not-readable-yet" });
    const read = () => cloud.send("GET", `${ids.assignment(ids.imageGroup, NAME)}?api-version=2022-04-01`);
    await put(ids.imageGroup, NAME);
    expect(await read()).toMatchObject({ status: 404, body: { error: { code: "RoleAssignmentNotFound" } } });
    expect(await namesAt(ids.imageGroup)).not.toContain(NAME);
    expect((await put(ids.imageGroup, OTHER_NAME)).body.error.code).toBe("RoleAssignmentExists");
    await cloud.pass(30);
    expect((await read()).status).toBe(200);
  });
});
