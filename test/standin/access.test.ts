import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, landscapeSettings, operatorIdentity, serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { grantBuilder, grants, ids, templateBody } from "../support/cloudTemplates.ts";

const READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const NAME = "00000000-0000-4000-8000-00000000000a";

describe("access", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const denials = (filter = "") =>
    cloud.send(
      "GET",
      `${ids.imageGroup}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01${filter}`,
    );
  const tag = () => cloud.send("PATCH", `${ids.definition}?api-version=2024-03-03`, { body: { tags: {} } });
  const asService = { as: serviceIdentity };
  const assign = (scope: string, properties: object, as = serviceIdentity) =>
    cloud.send("PUT", `${ids.assignment(scope, NAME)}?api-version=2022-04-01`, { as, body: { properties } });
  const leased = {
    roleDefinitionId: ids.role(landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE),
    principalId: builderIdentity.principalId,
    principalType: "ServicePrincipal",
  };

  it("names caller, action and scope when it refuses", async () => {
    const answer = await cloud.send("DELETE", `${ids.network}?api-version=2025-05-01`, asService);
    expect(answer).toMatchObject({ status: 403, body: { error: { code: "AuthorizationFailed" } } });
    expect(answer.body.error.message).toBe(
      `The client '${serviceIdentity.clientId}' with object id '${serviceIdentity.principalId}' does not have ` +
        `authorization to perform action 'Microsoft.Network/virtualNetworks/delete' over scope '${ids.network}' or the ` +
        "scope is invalid. If access was recently granted, please refresh your credentials.",
    );
  });

  it("comes before existence: what may not be read is forbidden, there or not", async () => {
    const missing = `${ids.imageGroup}/providers/Microsoft.Compute/virtualMachines/none?api-version=2024-07-01`;
    expect((await cloud.send("GET", missing, asService)).status).toBe(403);
    expect((await cloud.send("GET", missing)).status).toBe(404);
  });

  it.each([
    ["read of the subscription", "GET", ids.subscription, "2022-12-01", 200],
    ["list of resource providers", "GET", `${ids.subscription}/providers`, "2022-09-01", 200],
    ["read of a group, by a role on the subscription", "GET", ids.imageGroup, "2021-04-01", 200],
    ["read of the virtual network", "GET", ids.network, "2025-05-01", 200],
    ["read of its usages", "GET", `${ids.network}/usages`, "2025-05-01", 200],
    [
      "read of a network interface",
      "GET",
      ids.network.replace("virtualNetworks/vnet-builds", "networkInterfaces/any"),
      "2025-05-01",
      403,
    ],
    ["delete of a group", "DELETE", ids.imageGroup, "2021-04-01", 403],
    [
      "list of templates in the group",
      "GET",
      `${ids.templateGroup}/providers/Microsoft.VirtualMachineImages/imageTemplates`,
      "2025-10-01",
      200,
    ],
    [
      "list of templates in the subscription",
      "GET",
      `${ids.subscription}/providers/Microsoft.VirtualMachineImages/imageTemplates`,
      "2025-10-01",
      403,
    ],
    ["read of the builder identity", "GET", builderIdentity.id, "2023-01-31", 200],
    ["read of its own identity", "GET", serviceIdentity.id, "2023-01-31", 403],
  ])("of the service: %s", async (_, method, path, version, status) => {
    expect((await cloud.send(method, `${path}?api-version=${version}`, asService)).status).toBe(status);
  });

  it.each([
    ["subscription", ids.subscription, "2022-12-01", "Microsoft.Resources/subscriptions/read"],
    [
      "resource providers",
      `${ids.subscription}/providers`,
      "2022-09-01",
      "Microsoft.Resources/subscriptions/providers/read",
    ],
    [
      "one resource provider",
      `${ids.subscription}/providers/Microsoft.Compute`,
      "2022-09-01",
      "Microsoft.Resources/subscriptions/providers/read",
    ],
  ])("takes a right to see the %s, which nobody has without a role", async (_, path, version, action) => {
    const answer = await cloud.send("GET", `${path}?api-version=${version}`, { as: builderIdentity });
    expect(answer).toMatchObject({ status: 403, body: { error: { code: "AuthorizationFailed" } } });
    expect(answer.body.error.message).toContain(`'${action}'`);
  });

  it("needs the right to hand out the identity that a template gets", async () => {
    const own = { identity: { type: "UserAssigned", userAssignedIdentities: { [serviceIdentity.id]: {} } } };
    const answer = await cloud.send("PUT", `${ids.template("t")}?api-version=2025-10-01`, {
      ...asService,
      body: templateBody({}, own),
    });
    expect(answer).toMatchObject({ status: 403, body: { error: { code: "LinkedAuthorizationFailed" } } });
    expect(answer.body.error.message).toContain(
      "has permission to perform action 'Microsoft.VirtualMachineImages/imageTemplates/write'",
    );
    expect(answer.body.error.message).toContain(
      `'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on the linked scope(s) '${serviceIdentity.id}'`,
    );
  });

  describe("under a condition", () => {
    it("lets the service grant its one role to its one principal", async () => {
      expect((await assign(ids.imageGroup, leased)).status).toBe(201);
    });

    it.each([
      ["another role", { ...leased, roleDefinitionId: ids.role(READER) }],
      ["another principal", { ...leased, principalId: serviceIdentity.principalId }],
      ["no principal type, which the condition asks for", { ...leased, principalType: undefined }],
      ["another type", { ...leased, principalType: "Group" }],
    ])("does not let it grant %s", async (_, properties) => {
      const answer = await assign(ids.imageGroup, properties);
      expect(answer).toMatchObject({ status: 403, body: { error: { code: "AuthorizationFailed" } } });
      expect(answer.body.error.message).toContain("authorization or an ABAC condition not fulfilled to perform action");
    });

    it("does not let it grant the role at another scope", async () => {
      expect((await assign(ids.network, leased)).status).toBe(403);
      expect((await assign(ids.subscription, leased)).status).toBe(403);
    });

    it("lets it delete what it may grant, and nothing else", async () => {
      await grantBuilder(cloud, "imageCreation");
      await assign(
        ids.imageGroup,
        { ...leased, roleDefinitionId: ids.role(READER) },
        { ...serviceIdentity, clientId: "e5b7a6c8-55ee-4f90-91a2-4d5e6f7a8b05" },
      );
      const remove = (name: string) =>
        cloud.send("DELETE", `${ids.assignment(ids.imageGroup, name)}?api-version=2022-04-01`, asService);
      expect((await remove(grants.imageCreation)).status).toBe(200);
      expect((await remove(grants.imageCreation)).status).toBe(204);
      expect((await remove(NAME)).status).toBe(403);
    });
  });

  describe("of deny assignments, which a scenario makes,", () => {
    it("wins over what roles allow, and is named in the refusal", async () => {
      expect((await tag()).status).toBe(200);
      cloud.addFault({ scenario: "deny-assignment", scope: ids.imageGroup });
      expect(await tag()).toMatchObject({
        status: 403,
        body: {
          error: {
            code: "DenyAssignmentAuthorizationFailed",
            message: expect.stringContaining("is blocked by deny assignments"),
          },
        },
      });
      expect((await cloud.send("GET", `${ids.definition}?api-version=2024-03-03`)).status).toBe(200);
    });

    it("can be read, and not written", async () => {
      expect((await denials()).body.value).toEqual([]);
      cloud.addFault({ scenario: "deny-assignment", scope: ids.imageGroup, principal: builderIdentity.principalId });
      const names: (string | undefined)[] = [];
      for await (const { denyAssignmentName, principals } of cloud.operator.authorization.denyAssignments.list()) {
        expect(principals).toMatchObject([{ id: builderIdentity.principalId }]);
        names.push(denyAssignmentName);
      }
      expect(names).toHaveLength(1);
      const [{ id }] = (await denials(`&$filter=principalId eq '${builderIdentity.principalId}'`)).body.value;
      expect((await denials(`&$filter=principalId eq '${operatorIdentity.principalId}'`)).body.value).toEqual([]);
      expect(await denials("&$filter=colour eq 'red'")).toMatchObject({
        status: 400,
        body: { error: { code: "UnsupportedFilter" } },
      });
      expect((await cloud.send("GET", `${id}?api-version=2022-04-01`)).body.id).toBe(id);
      expect((await cloud.send("DELETE", `${id}?api-version=2022-04-01`)).status).toBe(405);
      expect((await cloud.send("GET", `${id.slice(0, -1)}x?api-version=2022-04-01`)).status).toBe(404);
      expect((await tag()).status).toBe(200);
    });
  });
});
