import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  builderIdentity,
  landscape,
  landscapeSettings,
  operatorIdentity,
  serviceIdentity,
} from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids } from "../support/cloudTemplates.ts";

const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

describe("role definitions", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud({ roleDefinitionLimit: landscape.roleDefinitions.length + 3 })));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const namesAt = async (scope: string) => {
    const answer = await cloud.send(
      "GET",
      `${scope}/providers/Microsoft.Authorization/roleDefinitions?api-version=2022-04-01&$filter=type eq 'CustomRole'`,
    );
    return answer.body.value.map(({ name }: { name: string }) => name);
  };

  it("finds custom and built-in roles by name and by id", async () => {
    const { roleDefinitions } = cloud.service.authorization;
    const found: string[] = [];
    for await (const role of roleDefinitions.list(ids.subscription, { filter: "roleName eq 'Contributor'" }))
      found.push(`${role.name} ${role.roleType}`);
    expect(found).toEqual(["b24988ac-6180-42a0-ab88-20f7382dd24c BuiltInRole"]);
    const leased = await roleDefinitions.get(ids.imageGroup, landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE);
    expect(leased).toMatchObject({ roleType: "CustomRole", assignableScopes: [ids.imageGroup] });
    expect(leased.permissions?.[0]?.actions).toContain("Microsoft.Compute/galleries/images/versions/write");
  });

  const NAME = "0a0a0a0a-0000-4000-8000-000000000001";
  const put = (changes: object = {}, { name = NAME, as = operatorIdentity } = {}) =>
    cloud.send("PUT", `${ids.role(name)}?api-version=2022-04-01`, {
      as,
      body: {
        properties: {
          roleName: "Watcher",
          permissions: [{ actions: ["Microsoft.Compute/galleries/read"] }],
          assignableScopes: [ids.imageGroup],
          ...changes,
        },
      },
    });
  const code = async (answer: ReturnType<typeof put>) => (await answer).body.error.code;

  it("makes and changes custom roles, each with 201, which count at once", async () => {
    expect(await put()).toMatchObject({
      status: 201,
      body: {
        id: ids.role(NAME),
        name: NAME,
        properties: {
          roleName: "Watcher",
          type: "CustomRole",
          createdBy: operatorIdentity.principalId,
          permissions: [{ actions: ["Microsoft.Compute/galleries/read"], notActions: [], dataActions: [] }],
        },
      },
    });
    const { roleAssignments } = cloud.operator.authorization;
    await roleAssignments.create(ids.imageGroup, "0a0a0a0a-0000-4000-8000-000000000002", {
      roleDefinitionId: ids.role(NAME),
      principalId: builderIdentity.principalId,
    });
    await cloud.pass(60);
    const read = () => cloud.send("GET", `${ids.definition}?api-version=2024-03-03`, { as: builderIdentity });
    expect((await read()).status).toBe(403);
    const changed = await put({ permissions: [{ actions: ["Microsoft.Compute/*"], notActions: [] }] });
    expect(changed).toMatchObject({
      status: 201,
      body: { properties: { permissions: [{ actions: ["Microsoft.Compute/*"] }] } },
    });
    expect((await read()).status).toBe(200);
  });

  it("deletes custom roles that nobody is assigned", async () => {
    const { roleAssignments, roleDefinitions } = cloud.operator.authorization;
    await put();
    const assignment = "0a0a0a0a-0000-4000-8000-000000000002";
    await roleAssignments.create(ids.imageGroup, assignment, {
      roleDefinitionId: ids.role(NAME),
      principalId: builderIdentity.principalId,
    });
    const remove = () => roleDefinitions.delete(ids.subscription, NAME);
    await expect(remove()).rejects.toMatchObject({ code: "RoleDefinitionHasAssignments" });
    await roleAssignments.delete(ids.imageGroup, assignment);
    expect(await remove()).toMatchObject({ roleName: "Watcher" });
    expect((await cloud.send("DELETE", `${ids.role(NAME)}?api-version=2022-04-01`)).status).toBe(204);
  });

  it.each([
    ["without a name", () => put({ roleName: undefined }), "InvalidRequestContent"],
    ["without a scope", () => put({ assignableScopes: [] }), "InvalidRequestContent"],
    ["that may be assigned at the root", () => put({ assignableScopes: ["/"] }), "LinkedAuthorizationFailed"],
    ["whose id is no GUID", () => put({}, { name: "watcher" }), "InvalidRoleDefinitionId"],
    ["of a name that is taken", () => put({ roleName: "goldsmith granter" }), "RoleDefinitionWithSameNameExists"],
    ["of a built-in role's id", () => put({}, { name: READER }), "CannotUpdateBuiltInRole"],
    ["that is not the caller's to make", () => put({}, { as: serviceIdentity }), "AuthorizationFailed"],
  ])("refuses one %s", async (_, answer, expected) => {
    expect(await code(answer())).toBe(expected);
  });

  it("needs the right to write roles at every scope where one may be assigned", async () => {
    await put({ roleName: "Role writer", permissions: [{ actions: ["Microsoft.Authorization/roleDefinitions/*"] }] });
    await cloud.operator.authorization.roleAssignments.create(ids.imageGroup, "0a0a0a0a-0000-4000-8000-000000000002", {
      roleDefinitionId: ids.role(NAME),
      principalId: builderIdentity.principalId,
    });
    await cloud.pass(60);
    const write = (assignableScopes: string[]) =>
      cloud.send(
        "PUT",
        `${ids.assignment(ids.imageGroup, "x").replace("roleAssignments/x", "roleDefinitions")}/${NAME.replace("1", "9")}?api-version=2022-04-01`,
        {
          as: builderIdentity,
          body: { properties: { roleName: "Theirs", permissions: [], assignableScopes } },
        },
      );
    expect((await write([ids.imageGroup])).status).toBe(201);
    expect((await write([ids.imageGroup, ids.subscription])).body.error).toMatchObject({
      code: "LinkedAuthorizationFailed",
      message: expect.stringContaining(`linked scope(s) '${ids.subscription}'`),
    });
  });

  it("has a limit of custom roles", async () => {
    const made: number[] = [];
    for (let at = 1; at <= 4; at++) {
      const answer = await put({ roleName: `Watcher ${at}` }, { name: NAME.replace(/.$/, String(at)) });
      made.push(answer.status);
    }
    expect(made).toEqual([201, 201, 201, 400]);
  });

  it("refuses a filter that it does not know", async () => {
    const list = `${ids.subscription}/providers/Microsoft.Authorization/roleDefinitions?api-version=2022-04-01`;
    expect(await code(cloud.send("GET", `${list}&$filter=colour eq 'red'`))).toBe("UnsupportedFilter");
  });

  it("shows custom roles where they may be assigned", async () => {
    expect(await namesAt(ids.imageGroup)).toContain(landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE);
    expect(await namesAt(ids.network)).not.toContain(landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE);
  });

  it("of the tenant are the built-in ones, which anybody may read by themselves or as a list", async () => {
    const tenant = "/providers/Microsoft.Authorization/roleDefinitions";
    const contributor = `${tenant}/b24988ac-6180-42a0-ab88-20f7382dd24c`;
    const ask = (path: string) => cloud.send("GET", `${path}?api-version=2022-04-01`, { as: builderIdentity });
    expect(await ask(contributor)).toMatchObject({
      status: 200,
      body: { id: contributor, properties: { roleName: "Contributor", type: "BuiltInRole" } },
    });
    const { body } = await ask(tenant);
    const types = (body as { value: { properties: { type: string } }[] }).value.map((one) => one.properties.type);
    expect(new Set(types)).toEqual(new Set(["BuiltInRole"]));
    expect(await ask(`${tenant}/${landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE}`)).toMatchObject({ status: 403 });
    expect((await ask(`${tenant}/${"0".repeat(8)}-0000-4000-8000-${"0".repeat(12)}`)).status).toBe(404);
    const write = await cloud.send("PUT", `${contributor}?api-version=2022-04-01`, { as: builderIdentity, body: {} });
    expect(write.status).toBe(403);
  });
});
