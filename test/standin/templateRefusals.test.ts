import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { operatorIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import {
  createTemplate,
  galleryTarget,
  grantBuilder,
  ids,
  rawTemplate,
  removeTemplate,
  stagingGroups,
  templateModel,
} from "../support/cloudTemplates.ts";

describe("what a template's identity may not do shows after the PUT, and never removes the template", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const failureOf = async (name: string, changes = {}) => {
    await expect(createTemplate(cloud, name, changes)).rejects.toThrow(
      "The long-running operation has failed. InternalOperationError.",
    );
    const { properties } = await rawTemplate(cloud, name);
    expect(properties.provisioningState).toBe("Failed");
    return properties.provisioningError;
  };

  it("no right on the gallery", async () => {
    await grantBuilder(cloud, "networkJoin");
    await cloud.pass(60);
    const error = await failureOf("t");
    expect(error.provisioningErrorCode).toBe("BadSharedImageDistribute");
    expect(error.message).toMatch(`Not authorized to access the resource: ${ids.definition}.`);
    expect(stagingGroups(cloud)).toEqual([]);
  });

  it("no right to join the network", async () => {
    await grantBuilder(cloud, "imageCreation");
    await cloud.pass(60);
    expect((await failureOf("t")).message).toMatch(`Not authorized to access the resource: ${ids.network}.`);
  });

  it.each([
    ["a managed image", "ManagedImage", "imageId", "images/base"],
    ["a version", "SharedImageVersion", "imageVersionId", "galleries/bases/images/ubuntu/versions/1.0.0"],
  ])("no right on %s that the build begins with, where it lies beside no target", async (_, type, field, path) => {
    await grantBuilder(cloud);
    await cloud.pass(60);
    const id = `${ids.sourceGroup}/providers/Microsoft.Compute/${path}`;
    const error = await failureOf("t", { source: { type, [field]: id } });
    expect(error.provisioningErrorCode).toBe(`Bad${type}Source`);
    expect(error.message).toMatch(`Not authorized to access the resource: ${id}.`);
  });

  it("a right that was granted a moment ago", async () => {
    cloud.addFault({ scenario: "grant-propagates-in", seconds: 120 });
    await grantBuilder(cloud);
    expect((await failureOf("t")).provisioningErrorCode).toBe("BadSharedImageDistribute");
    await removeTemplate(cloud, "t");
    await cloud.pass(120);
    await createTemplate(cloud, "t");
  });

  it.each([
    [
      "an image definition that is not there",
      { distribute: [galleryTarget({ galleryImageId: `${ids.definition}-none` })] },
      "BadSharedImageDistribute",
    ],
    [
      "a platform image that is not there",
      { source: { ...templateModel().source, sku: "none" } as never },
      "BadPIRSource",
    ],
    [
      "a version of a platform image that is not there",
      { source: { ...templateModel().source, version: "24.04.199901010" } as never },
      "BadPIRSource",
    ],
    [
      "a gallery version that is not there",
      { source: { type: "SharedImageVersion", imageVersionId: `${ids.definition}/versions/9.9.9` } },
      "BadSharedImageVersionSource",
    ],
    [
      "a managed image that is not there",
      { source: { type: "ManagedImage", imageId: `${ids.imageGroup}/providers/Microsoft.Compute/images/none` } },
      "BadManagedImageSource",
    ],
    ["a subnet that is not there", { vmProfile: { vnetConfig: { subnetId: `${ids.subnet}-none` } } }, "Other"],
    [
      "an identity of the machine's that it may not hand out",
      { vmProfile: { userAssignedIdentities: [operatorIdentity.id] } },
      "Other",
    ],
    ["a staging group that is not empty", { stagingResourceGroup: ids.imageGroup }, "BadStagingResourceGroup"],
  ])("%s", async (_, changes, code) => {
    await grantBuilder(cloud);
    await cloud.pass(60);
    expect((await failureOf("t", changes)).provisioningErrorCode).toBe(code);
  });

  it("a staging group of its own without the right there, or with another template's marks", async () => {
    const group = `${ids.subscription}/resourceGroups/rg-own`;
    const put = (tags: object) =>
      cloud.send("PUT", `${group}?api-version=2021-04-01`, { body: { location: "westeurope", tags } });
    await put({});
    await grantBuilder(cloud);
    await cloud.pass(60);
    expect((await failureOf("t", { stagingResourceGroup: group })).message).toMatch(
      "Not authorized to access the resource",
    );
    await put({ imageTemplateName: "another" });
    expect((await failureOf("u", { stagingResourceGroup: group })).message).toMatch(
      "may be used by another image template",
    );
  });
});
