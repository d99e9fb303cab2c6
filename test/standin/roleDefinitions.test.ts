import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { landscapeSettings } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids } from "../support/cloudTemplates.ts";

describe("role definitions", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
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

  it("shows custom roles where they may be assigned", async () => {
    expect(await namesAt(ids.imageGroup)).toContain(landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE);
    expect(await namesAt(ids.network)).not.toContain(landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE);
  });
});
