import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { landscape } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { galleryTarget, grants, ids, readyTemplate, templateBody } from "../support/cloudTemplates.ts";

const [role] = landscape.roleDefinitions;
const assignment = ids.assignment(ids.imageGroup, grants.imageCreation);

describe("an older version of the API", () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startCloud();
    await readyTemplate(cloud, "t");
  });
  afterAll(() => cloud.close());

  const get = async (id: string, version: string) => (await cloud.send("GET", `${id}?api-version=${version}`)).body;

  it.each([
    ["role assignment", assignment, "2015-07-01", "2018-09-01-preview", "properties.principalType"],
    ["role assignment", assignment, "2018-09-01-preview", "2020-03-01-preview", "properties.condition"],
    ["role", ids.role(role?.name ?? ""), "2015-07-01", "2018-01-01-preview", "properties.permissions.0.dataActions"],
    ["image definition", ids.definition, "2019-12-01", "2020-09-30", "properties.features"],
    ["subnet", ids.subnet, "2018-07-01", "2018-08-01", "properties.delegations"],
    ["network", ids.network, "2018-07-01", "2018-08-01", "properties.subnets.0.properties.delegations"],
    ["network", ids.network, "2020-06-01", "2020-07-01", "properties.subnets.0.type"],
    ["template", ids.template("t"), "2021-10-01", "2022-02-14", "properties.exactStagingResourceGroup"],
    ["template", ids.template("t"), "2022-02-14", "2022-07-01", "properties.distribute.0.versioning"],
  ])("does not show of a %s (%s) in %s what came with %s: %s", async (_, id, before, since, path) => {
    expect(await get(id, since)).toHaveProperty(path);
    const seen = await get(id, before);
    expect(seen).toHaveProperty("name");
    expect(seen).not.toHaveProperty(path);
  });

  it("does not show it in lists, nor in the answers to writes", async () => {
    const { value } = await get(`${ids.network}/subnets`, "2018-07-01");
    expect(value[0].properties).not.toHaveProperty("delegations");
    const { properties } = await get(ids.subnet, "2018-07-01");
    const written = await cloud.send("PUT", `${ids.subnet}?api-version=2018-07-01`, { body: { properties } });
    expect(written).toMatchObject({ status: 200, body: { properties: { addressPrefix: "10.40.0.0/27" } } });
    expect(written.body.properties).not.toHaveProperty("delegations");
  });

  it("leaves lists of all types as they are, since they are of another provider's version", async () => {
    const { value } = await get(`${ids.subscription}/resources`, "2019-10-01");
    expect(value.find(({ id }: { id: string }) => id.endsWith("/imageTemplates/t"))).toHaveProperty("systemData");
  });

  it.each([
    ["tags", `${ids.network}/providers/Microsoft.Resources/tags/default`, "2019-05-10"],
    ["roles", ids.role(role?.name ?? ""), "2020-10-01-preview"],
    ["NAT gateways", `${ids.network.split("/virtualNetworks")[0]}/natGateways`, "2018-12-01"],
    ["triggers", `${ids.template("t")}/triggers`, "2022-02-14"],
  ])("is not there where there were no %s", async (_, id, version) => {
    expect((await get(id, version)).error.code).toMatch(/^(InvalidApiVersionParameter|NoRegisteredProviderFound)$/);
  });

  describe("of image templates, from before target regions,", () => {
    const version = "2022-02-14";
    const put = (name: string, target: object, properties = {}) =>
      cloud.send("PUT", `${ids.template(name)}?api-version=${version}`, {
        body: templateBody({ ...properties, distribute: [target] }),
      });
    const regions = { targetRegions: undefined, replicationRegions: ["westeurope"] };

    it("names the regions of a target alone", async () => {
      const [target] = (await get(ids.template("t"), version)).properties.distribute;
      expect(target).toMatchObject({ replicationRegions: ["westeurope"] });
      expect(target).not.toHaveProperty("targetRegions");
    });

    it.each(["2020-02-14", "2022-02-14"])("has an envelope around errors since 2021-10-01: %s", async (asked) => {
      const error = { code: "Conflict", message: expect.any(String) as string };
      const again = await cloud.send("PUT", `${ids.template("t")}?api-version=${asked}`, { body: templateBody() });
      expect(again).toMatchObject({ status: 409, body: asked < "2021-10-01" ? error : { error } });
      if (asked < "2021-10-01") expect(again.body).not.toHaveProperty("error");
      const missing = await cloud.send("GET", `${ids.template("none")}?api-version=${asked}`);
      expect(missing.body).toMatchObject({ error: { code: "ResourceNotFound" } });
    });

    it("needs them", async () => {
      const { status, body } = await put("old", galleryTarget());
      expect({ status, code: body.error.code }).toEqual({ status: 400, code: "ValidationFailed" });
      expect(body.error.message).toContain("Missing field 'replicationRegions'");
      expect((await put("old", galleryTarget(regions))).status).toBe(201);
    });

    it("does not heed what it does not know", async () => {
      await put("deaf", galleryTarget(regions), { autoRun: { state: "Enabled" }, managedResourceTags: { a: "b" } });
      const seen = await get(ids.template("deaf"), "2025-10-01");
      expect(seen.properties).not.toHaveProperty("autoRun");
      expect(seen.properties).not.toHaveProperty("managedResourceTags");
    });
  });
});
