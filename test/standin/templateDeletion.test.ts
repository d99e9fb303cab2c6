import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import {
  TEMPLATE_GROUP,
  grants,
  ids,
  readyTemplate,
  removeTemplate,
  stagingGroups,
  templateBody,
} from "../support/cloudTemplates.ts";

const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";

describe("the deletion of an image template", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const patch = (body: object) => cloud.send("PATCH", `${ids.template("t")}?api-version=2025-10-01`, { body });
  const templates = () => cloud.service.imageBuilder.virtualMachineImageTemplates;

  it("is refused while the template is created", async () => {
    await cloud.send("PUT", `${ids.template("t")}?api-version=2025-10-01`, { body: templateBody() });
    const answer = await cloud.send("DELETE", `${ids.template("t")}?api-version=2025-10-01`);
    expect(answer).toMatchObject({
      status: 409,
      body: {
        error: {
          code: "OperationNotAllowed",
          message: "Operation 'DELETE' is not allowed in provisioningState: 'creating'.",
        },
      },
    });
  });

  it("takes the staging group with it, after a while", async () => {
    const before = cloud.state().resources.map(({ id }) => id);
    await readyTemplate(cloud, "t");
    const operation = templates().delete(TEMPLATE_GROUP, "t");
    await operation.submitted();
    expect((await templates().get(TEMPLATE_GROUP, "t")).provisioningState).toBe("Deleting");
    await cloud.pass(91);
    expect(stagingGroups(cloud)).toEqual([]);
    expect(cloud.state().resources.map(({ id }) => id)).toEqual(before);
    expect(
      cloud
        .state()
        .roleAssignments.filter(({ standing }) => !standing)
        .map(({ name }) => name),
    ).toEqual(Object.values(grants));
    expect((await cloud.send("DELETE", `${ids.template("t")}?api-version=2025-10-01`)).status).toBe(204);
  });

  it("empties a staging group that was there before, and leaves it", async () => {
    const group = `${ids.subscription}/resourceGroups/rg-own`;
    await cloud.send("PUT", `${group}?api-version=2021-04-01`, {
      body: { location: "westeurope", tags: { mine: "yes" } },
    });
    const contributor = ids.role("b24988ac-6180-42a0-ab88-20f7382dd24c");
    await cloud.operator.authorization.roleAssignments.create(group, "00000000-0000-4000-8000-00000000000c", {
      roleDefinitionId: contributor,
      principalId: builderIdentity.principalId,
    });
    await readyTemplate(cloud, "t", { stagingResourceGroup: group });
    const marked = cloud.state().resourceGroups.find(({ name }) => name === "rg-own");
    expect(marked?.tags).toMatchObject({ mine: "yes", usedBy: "AzureVMImageBuilder", imageTemplateName: "t" });
    await removeTemplate(cloud, "t");
    expect(cloud.state().resourceGroups.find(({ name }) => name === "rg-own")?.tags).toEqual({ mine: "yes" });
    expect(cloud.state().resources.filter(({ id }) => String(id).startsWith(group))).toEqual([]);
  });

  it("fails once the identity is gone, until the template has another", async () => {
    await readyTemplate(cloud, "t");
    await cloud.send("DELETE", `${builderIdentity.id}?api-version=2023-01-31`);
    await expect(removeTemplate(cloud, "t")).rejects.toThrow(/The assigned managed identity cannot be used/);
    // The new one has no right on the staging group but by taking the old one's place.
    const fresh = builderIdentity.id.replace(/[^/]+$/, "id-fresh");
    const made = await cloud.send("PUT", `${fresh}?api-version=2023-01-31`, { body: { location: "westeurope" } });
    for (const scope of [ids.imageGroup, ids.network]) {
      const { principalId } = made.body.properties as { principalId: string };
      const properties = { principalId, principalType: "ServicePrincipal", roleDefinitionId: ids.role(CONTRIBUTOR) };
      const assignment = `${ids.assignment(scope, randomUUID())}?api-version=2022-04-01`;
      expect((await cloud.send("PUT", assignment, { body: { properties } })).status).toBe(201);
    }
    await cloud.pass(3600);
    const userAssignedIdentities = { [builderIdentity.id]: null, [fresh]: {} };
    await patch({ identity: { type: "UserAssigned", userAssignedIdentities } });
    await cloud.pass(10);
    await removeTemplate(cloud, "t");
    expect(stagingGroups(cloud)).toEqual([]);
  });

  it("may leave the staging group behind its template for a while, where a scenario says so", async () => {
    cloud.addFault({ scenario: "staging-group-lingers", seconds: 3600 });
    await readyTemplate(cloud, "t");
    await cloud.send("DELETE", `${ids.template("t")}?api-version=2024-02-01`);
    await cloud.pass(1800);
    expect((await cloud.send("GET", `${ids.template("t")}?api-version=2024-02-01`)).status).toBe(404);
    expect(stagingGroups(cloud)).toHaveLength(1);
    await cloud.pass(3600);
    expect(stagingGroups(cloud)).toEqual([]);
  });
});
