import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  builderIdentity,
  landscape,
  landscapeSettings,
  operatorIdentity,
  serviceIdentity,
} from "../../local/landscape.ts";
import { type Identity, startCloud, type TestCloud } from "../support/cloud.ts";
import {
  createTemplate,
  finish,
  grants,
  ids,
  imageSource,
  rawTemplate,
  readyTemplate,
  runToEnd,
  TEMPLATE_GROUP,
} from "../support/cloudTemplates.ts";

/** A built-in role. */
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";

describe("scenarios of access", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const templates = () => cloud.service.imageBuilder.virtualMachineImageTemplates;
  const assign = (as: Identity = operatorIdentity) =>
    cloud.send("PUT", `${ids.assignment(ids.imageGroup, grants.imageCreation)}?api-version=2022-04-01`, {
      as,
      body: {
        properties: {
          roleDefinitionId: ids.role(landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE),
          principalId: builderIdentity.principalId,
          principalType: "ServicePrincipal",
        },
      },
    });

  it.each([
    ["grant-exists", 409, "RoleAssignmentExists", "The role assignment already exists."],
    ["grant-update-not-permitted", 400, "RoleAssignmentUpdateNotPermitted", "Tenant ID, application ID, principal ID"],
    [
      "principal-not-found",
      400,
      "PrincipalNotFound",
      `Principal ${builderIdentity.principalId.replaceAll("-", "")} does not exist in the directory ${landscape.tenantId}. Check`,
    ],
    ["role-not-assignable", 400, "RoleAssignmentScopeNotAssignableToRoleDefinition", `scope '${ids.imageGroup}' must`],
    [
      "role-not-found",
      400,
      "RoleDefinitionDoesNotExist",
      `'${landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE}' does not exist`,
    ],
    [
      "grant-refused",
      403,
      "AuthorizationFailed",
      `The client '${serviceIdentity.clientId}' with object id '${serviceIdentity.principalId}' does not have ` +
        "authorization or an ABAC condition not fulfilled to perform action " +
        `'Microsoft.Authorization/roleAssignments/write' over scope '${ids.assignment(ids.imageGroup, grants.imageCreation)}'`,
    ],
  ])("refuses a role assignment, so often as is asked: %s", async (scenario, status, code, message) => {
    cloud.addFault({ scenario, count: 1 });
    expect(await assign(serviceIdentity)).toMatchObject({
      status,
      body: { error: { code, message: expect.stringContaining(message) } },
    });
    expect((await assign(serviceIdentity)).status).toBe(201);
  });

  it("can keep the template's identity from being handed out, and names it", async () => {
    cloud.addFault({ scenario: "identity-not-assignable", count: 1 });
    await expect(readyTemplate(cloud, "t")).rejects.toMatchObject({
      code: "LinkedAuthorizationFailed",
      message: expect.stringContaining(`on the linked scope(s) '${builderIdentity.id}'`),
    });
    await createTemplate(cloud, "t");
  });

  it("can take the right to write templates from the caller", async () => {
    cloud.addFault({ scenario: "template-write-refused", count: 1 });
    await expect(readyTemplate(cloud, "t")).rejects.toMatchObject({
      code: "AuthorizationFailed",
      message: expect.stringContaining(
        "does not have authorization to perform action 'Microsoft.VirtualMachineImages/imageTemplates/write'",
      ),
    });
    await createTemplate(cloud, "t");
  });

  it("can refuse an identical role assignment", async () => {
    await assign();
    cloud.addFault({ scenario: "identical-grant-conflicts" });
    expect(await assign()).toMatchObject({ status: 409, body: { error: { code: "RoleAssignmentExists" } } });
  });

  it("reaches the limit of role assignments", async () => {
    cloud.addFault({ scenario: "grant-limit-reached" });
    await expect(readyTemplate(cloud, "t")).rejects.toMatchObject({ code: "RoleAssignmentLimitExceeded" });
  });

  it.each([
    ["missing-destination-role", "run", /versions\/write/],
    ["missing-network-role", "creation", /virtualNetworks/],
    ["gallery-not-readable", "creation", /Not authorized to access the resource: .*galleries/],
  ])("takes a role from the template's identity: %s", async (scenario, when, message) => {
    cloud.addFault({ scenario });
    if (when === "creation") {
      await expect(readyTemplate(cloud, "t")).rejects.toThrow();
      expect((await rawTemplate(cloud, "t")).properties.provisioningError.message).toMatch(message);
    } else {
      await readyTemplate(cloud, "t");
      expect((await runToEnd(cloud, "t"))?.message).toMatch(message);
    }
  });

  const staging = `${ids.subscription}/resourceGroups/rg-staging`;
  const version = `${ids.definition}/versions/1.0.0`;
  it.each([
    ["source-not-readable", version, { source: { type: "SharedImageVersion", imageVersionId: version } as never }],
    ["missing-identity-role", serviceIdentity.id, { vmProfile: { userAssignedIdentities: [serviceIdentity.id] } }],
    ["missing-staging-role", staging, { stagingResourceGroup: staging }],
  ])("takes a role away that the template's identity has: %s", async (scenario, resource, changes) => {
    const body = { location: "westeurope" };
    await cloud.send("PUT", `${staging}?api-version=2021-04-01`, { body });
    await cloud.send("PUT", `${version}?api-version=2024-03-03`, { body: { ...body, properties: imageSource } });
    const properties = { principalId: builderIdentity.principalId, roleDefinitionId: ids.role(CONTRIBUTOR) };
    await cloud.send("PUT", `${ids.assignment(resource, CONTRIBUTOR)}?api-version=2022-04-01`, {
      body: { properties },
    });
    await cloud.pass(3600);
    await readyTemplate(cloud, "t", changes);
    await finish(cloud, templates().delete(TEMPLATE_GROUP, "t"));
    cloud.addFault({ scenario });
    await expect(createTemplate(cloud, "t", changes)).rejects.toThrow("InternalOperationError");
    const { message } = (await rawTemplate(cloud, "t")).properties.provisioningError;
    expect(message).toContain(`Not authorized to access the resource: ${resource}`);
  });
});
