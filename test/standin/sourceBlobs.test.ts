import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { landscapeDisk, operatorIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids } from "../support/cloudTemplates.ts";

const id = `${ids.templateGroup}/providers/Microsoft.Compute/images/imported`;
const path = `${id}?api-version=2024-07-01`;
const { url } = landscapeDisk;

const bodyOf = (blobUri: string, location = "westeurope", more: object = { hyperVGeneration: "V2" }) => ({
  location,
  tags: { made: "here" },
  properties: { ...more, storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri } } },
});

describe("a managed image of a VHD", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const ask = (method: string, body?: object) =>
    cloud.send(method, path, { as: operatorIdentity, ...(body && { body }) });

  it("is made in a while, is there and in the list, and goes in a while", async () => {
    const made = await ask("PUT", bodyOf(url));
    expect(made).toMatchObject({ status: 201, body: { properties: { provisioningState: "Creating" } } });
    expect(made.headers.get("azure-asyncoperation")).toContain(
      "/providers/Microsoft.Compute/locations/westeurope/operations/",
    );
    await cloud.pass(120);
    const { body } = await ask("GET");
    expect(body).toMatchObject({
      tags: { made: "here" },
      properties: { provisioningState: "Succeeded", storageProfile: { osDisk: { blobUri: url } } },
    });
    const listed = await cloud.send("GET", path.replace("/imported", ""), { as: operatorIdentity });
    expect(listed.body.value).toEqual([body]);

    expect(await ask("DELETE")).toMatchObject({ status: 202 });
    expect((await ask("GET")).body.properties.provisioningState).toBe("Deleting");
    expect(await ask("PUT", bodyOf(url))).toMatchObject({ status: 409 });
    await cloud.pass(300);
    expect((await ask("GET")).status).toBe(404);
    expect((await ask("DELETE")).status).toBe(204);
  });

  it.each([
    ["a blob that is not there", url.replace("ubuntu", "other"), "disks", "is not accessible"],
    ["a container that is not there", url.replace("/vhds/", "/disks/"), "disks", "is not accessible"],
    ["an account that is not there", url.replace("stgoldsmith", "stother"), "disks", "is not accessible"],
    ["a blob below a folder", url.replace("/vhds/", "/vhds/old/"), "disk.blobUri", "contains a slash"],
    ["a blob of another name", url.replace(/vhd$/, "img"), "disk.blobUri", 'must end with ".vhd" extension'],
    ["no URL", "vhds/ubuntu-base.vhd", "disk.blobUri", "does not look to be correct blob URI"],
  ])("is not made of %s", async (_, blobUri, target, text) => {
    expect(await ask("PUT", bodyOf(blobUri))).toMatchObject({
      status: 400,
      body: { error: { code: "InvalidParameter", target, message: expect.stringContaining(text) } },
    });
    expect((await ask("GET")).status).toBe(404);
  });

  it("is not made in another region, nor without its generation", async () => {
    expect((await ask("PUT", bodyOf(url, "northeurope"))).body.error).toMatchObject({
      message: expect.stringContaining("does not belong to the same region"),
    });
    expect((await ask("PUT", bodyOf(url, "westeurope", {}))).body.error).toMatchObject({ target: "hyperVGeneration" });
  });

  it("does not become one of another VHD", async () => {
    await ask("PUT", bodyOf(url));
    await cloud.pass(120);
    expect(await ask("PUT", bodyOf(url.replace("ubuntu", "other")))).toMatchObject({
      status: 409,
      body: { error: { code: "PropertyChangeNotAllowed" } },
    });
  });
});
