import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { grantBuilder, ids, rawTemplate, templateBody } from "../support/cloudTemplates.ts";

const many = (number: number) => Object.fromEntries(Array.from({ length: number }, (_, at) => [`t${at}`, "x"]));
const IMAGE_BUILDER_VERSION = "api-version=2025-10-01";

describe("tags", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const putTemplate = (changes: object) =>
    cloud.send("PUT", `${ids.template("t")}?${IMAGE_BUILDER_VERSION}`, { body: { ...templateBody(), ...changes } });
  const patch = (id: string, version: string, tags: object) =>
    cloud.send("PATCH", `${id}?api-version=${version}`, { body: { tags } });
  /** Of a group, a network, all tags alone, and a template. */
  const writes: [string, (tags: object) => ReturnType<TestCloud["send"]>][] = [
    ["a resource group", (tags) => patch(ids.imageGroup, "2021-04-01", tags)],
    ["a network", (tags) => patch(ids.network, "2025-05-01", tags)],
    ["a template", (tags) => putTemplate({ tags })],
    [
      "a scope, by themselves,",
      (tags) =>
        cloud.send("PUT", `${ids.network}/providers/Microsoft.Resources/tags/default?api-version=2021-04-01`, {
          body: { properties: { tags } },
        }),
    ],
  ];

  it.each(writes)("of %s are 50 at the most, under names that Azure has not reserved", async (_, write) => {
    expect((await write(many(51))).status).toBe(400);
    expect((await write({ "cost/centre": "x" })).body.error.code).toBe("InvalidTagNameCharacters");
    expect((await write({ WindowsVersion: "x" })).status).toBe(400);
    expect((await write({ cost: "x".repeat(257) })).body.error.code).toBe("InvalidTagValueLength");
    expect((await write(many(50))).status).toBeLessThan(300);
  });

  it.each(writes)("of %s have names without case, of which one is kept", async (_, write) => {
    const { status, body } = await write({ Env: "a", cost: "7", ENV: "b" });
    expect(status).toBeLessThan(300);
    expect(body.tags ?? body.properties.tags).toEqual({ Env: "b", cost: "7" });
  });

  it("of a staging group have image builder's own among the 50", async () => {
    await grantBuilder(cloud);
    const { properties } = templateBody();
    await putTemplate({ properties: { ...properties, managedResourceTags: many(48) } });
    await cloud.pass(900);
    const { provisioningState, provisioningError } = (await rawTemplate(cloud, "t")).properties;
    expect(provisioningState).toBe("Failed");
    expect(provisioningError.message).toContain("'51'");
  });
});
