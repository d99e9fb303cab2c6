import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import {
  galleryTarget,
  grants,
  ids,
  imageSource,
  readyTemplate,
  runToEnd,
  TEMPLATE_GROUP,
  waitForRun,
} from "../support/cloudTemplates.ts";

describe("a run that cannot distribute its image", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const templates = () => cloud.service.imageBuilder.virtualMachineImageTemplates;
  const versions = () =>
    cloud.state().resources.filter(({ type }) => type === "Microsoft.Compute/galleries/images/versions");

  it("needs the right to delete a managed image that the run before has left", async () => {
    const imageId = `${ids.imageGroup}/providers/Microsoft.Compute/images/golden`;
    const properties = { storageProfile: { osDisk: { osType: "Linux", osState: "Generalized" } } };
    await cloud.send("PUT", `${imageId}?api-version=2024-07-01`, { body: { location: "westeurope", properties } });
    await cloud.pass(60);
    cloud.addFault({ scenario: "missing-image-delete-role" });
    const target = { type: "ManagedImage", runOutputName: "image", imageId, location: "westeurope" };
    await readyTemplate(cloud, "t", { distribute: [target] });
    expect((await runToEnd(cloud, "t"))?.message).toContain("'Microsoft.Compute/images/delete'");
  });

  it("notices only at the very end that it may not write the image", async () => {
    await readyTemplate(cloud, "t");
    await templates().run(TEMPLATE_GROUP, "t").submitted();
    await cloud.service.authorization.roleAssignments.delete(ids.imageGroup, grants.imageCreation);
    const status = await waitForRun(cloud, "t");
    expect(status).toMatchObject({ runState: "Failed" });
    expect(status?.message).toMatch(
      /^Failed in distributing 1 images out of total 1: \{\[Error 0\] \[Distribute 0\] .*StatusCode=403.*AuthorizationFailed/,
    );
    expect(status?.message).toContain("'Microsoft.Compute/galleries/images/versions/write'");
    expect(Number(status?.endTime) - Number(status?.startTime)).toBeGreaterThan(6 * 60_000);
    expect(versions()).toEqual([]);
  });

  it("succeeds in part where one target of two fails", async () => {
    const foreign = `${ids.templateGroup}/providers/Microsoft.Compute/images/golden`;
    await readyTemplate(cloud, "t", {
      distribute: [
        galleryTarget(),
        { type: "ManagedImage", runOutputName: "image", imageId: foreign, location: "westeurope" } as never,
      ],
    });
    const status = await runToEnd(cloud, "t");
    expect(status).toMatchObject({
      runState: "PartiallySucceeded",
      message: expect.stringMatching(/^Failed in distributing 1 images out of total 2: \{\[Error 0\] \[Distribute 1\]/),
    });
    expect(versions()).toHaveLength(1);
  });

  it("fails where a version of a fixed number is there already", async () => {
    await cloud.send("PUT", `${ids.definition}/versions/1.0.0?api-version=2024-03-03`, {
      body: { location: "westeurope", properties: imageSource },
    });
    await readyTemplate(cloud, "t", {
      distribute: [galleryTarget({ galleryImageId: `${ids.definition}/versions/1.0.0` })],
    });
    expect((await runToEnd(cloud, "t"))?.message).toContain("StatusCode=409");
  });

  const base = `${ids.imageGroup}/providers/Microsoft.Compute/images/base`;
  it.each<[string, object, string, string]>([
    [
      "a region of the gallery is none",
      { distribute: [galleryTarget({ targetRegions: [{ name: "atlantis" }] })] },
      "GalleryImageVersionsClient#CreateOrUpdate",
      "InvalidParameter",
    ],
    [
      "the managed image would be in a region that is none",
      {
        distribute: [
          { type: "ManagedImage", runOutputName: "image", imageId: base.replace("base", "out"), location: "atlantis" },
        ],
      },
      "ImagesClient#CreateOrUpdate",
      "LocationNotAvailableForResourceType",
    ],
    [
      "the version takes its number from a source that has none",
      {
        source: { type: "ManagedImage", imageId: base },
        distribute: [galleryTarget({ versioning: { scheme: "Source" } })],
      },
      "GalleryImageVersionsClient#CreateOrUpdate",
      "InvalidParameter",
    ],
  ])("fails in distributing where %s, with what the provider says", async (_, changes, call, code) => {
    const storageProfile = { osDisk: { osType: "Linux", osState: "Generalized" } };
    const properties = { hyperVGeneration: "V2", storageProfile };
    await cloud.send("PUT", `${base}?api-version=2024-07-01`, { body: { location: "westeurope", properties } });
    await readyTemplate(cloud, "t", changes);
    const status = await runToEnd(cloud, "t");
    expect(status?.message).toMatch(
      new RegExp(
        `^Failed in distributing 1 images out of total 1: .*compute.${call}: Failure sending request: ` +
          `StatusCode=400 -- Original Error: Code="${code}"`,
      ),
    );
    expect(versions()).toEqual([]);
  });
});
