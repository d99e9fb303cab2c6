import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { builderIdentity, operatorIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import {
  createTemplate,
  finish,
  galleryTarget,
  ids,
  imageSource,
  rawTemplate,
  readyTemplate,
  runToEnd,
  TEMPLATE_GROUP,
} from "../support/cloudTemplates.ts";

/** Storage Blob Data Reader. */
const READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
const IN_STAGING = /IT_[^/]*\/providers\/(.+)\//;

describe("a run that succeeds", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const putStorage = (id: string, body: object) => cloud.send("PUT", `${id}?api-version=2024-01-01`, { body });

  const versions = () =>
    cloud.state().resources.filter(({ type }) => type === "Microsoft.Compute/galleries/images/versions");
  const inStaging = () => cloud.state().resources.flatMap(({ id }) => IN_STAGING.exec(String(id))?.[1] ?? []);

  it("answers 202 with both headers and goes through its phases", async () => {
    await readyTemplate(cloud, "t", {
      optimize: { vmBoot: { state: "Enabled" } },
      validate: { inVMValidations: [{ type: "Shell", inline: ["true"] } as never] },
    });
    const started = await cloud.send("POST", `${ids.template("t")}/run?api-version=2025-10-01`);
    expect(started).toMatchObject({ status: 202, text: "" });
    expect(started.headers.get("location")).toBe(started.headers.get("azure-asyncoperation"));
    expect(started.headers.has("retry-after")).toBe(false);
    const phases: string[] = [];
    for (let state = "Running"; state === "Running"; await cloud.pass(5)) {
      const { runState, runSubState } = (await rawTemplate(cloud, "t")).properties.lastRunStatus;
      if (runSubState && phases.at(-1) !== runSubState) phases.push(runSubState);
      state = runState;
    }
    expect(phases).toEqual(["Queued", "Building", "Customizing", "Optimizing", "Validating", "Distributing"]);
  });

  it("takes 25 to 30 minutes for the sample image", async () => {
    const recipe = parse(readFileSync("images/aks-jumpbox.yaml", "utf8"));
    await readyTemplate(cloud, "t", { customize: recipe.customize });
    const status = await runToEnd(cloud, "t");
    const minutes = (Number(status?.endTime) - Number(status?.startTime)) / 60_000;
    expect(status?.runState).toBe("Succeeded");
    expect(minutes).toBeGreaterThanOrEqual(25);
    expect(minutes).toBeLessThanOrEqual(30);
  });

  it("leaves a version in the gallery, with what the target says of it", async () => {
    await readyTemplate(cloud, "t", { distribute: [galleryTarget({ versioning: { scheme: "Latest", major: 1 } })] });
    await runToEnd(cloud, "t");
    expect(versions()).toMatchObject([
      {
        id: `${ids.definition}/versions/1.0.0`,
        location: "westeurope",
        tags: { made: "here" },
        properties: {
          provisioningState: "Succeeded",
          publishingProfile: {
            targetRegions: [{ name: "West Europe", regionalReplicaCount: 1, storageAccountType: "Standard_LRS" }],
            excludeFromLatest: false,
          },
          storageProfile: { osDiskImage: { sizeInGB: 30 } },
        },
      },
    ]);
    const { virtualMachineImageTemplates: templates } = cloud.service.imageBuilder;
    const output = await templates.getRunOutput(TEMPLATE_GROUP, "t", "gallery");
    expect(output).toMatchObject({ artifactId: `${ids.definition}/versions/1.0.0`, provisioningState: "Succeeded" });
    const listed: (string | undefined)[] = [];
    for await (const { name } of templates.listRunOutputs(TEMPLATE_GROUP, "t")) listed.push(name);
    expect(listed).toEqual(["gallery"]);
  });

  it("writes a version for which no regions are named where its definition is", async () => {
    const definition = `${ids.definition}-far`;
    const { body } = await cloud.send("GET", `${ids.definition}?api-version=2024-03-03`);
    await cloud.send("PUT", `${definition}?api-version=2024-03-03`, { body: { ...body, location: "northeurope" } });
    await readyTemplate(cloud, "t", {
      distribute: [galleryTarget({ galleryImageId: definition, targetRegions: undefined, replicationRegions: [] })],
    });
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Succeeded" });
    expect(versions()).toMatchObject([
      { location: "northeurope", properties: { publishingProfile: { targetRegions: [{ name: "North Europe" }] } } },
    ]);
  });

  it("shows a version that is still being replicated, and says so when it is asked", async () => {
    await readyTemplate(cloud, "t");
    await cloud.service.imageBuilder.virtualMachineImageTemplates.run(TEMPLATE_GROUP, "t").submitted();
    while (versions().length === 0) await cloud.pass(30);
    const read = (expand = "") => cloud.send("GET", `${String(versions()[0]?.id)}?api-version=2024-03-03${expand}`);
    expect((await read("&$expand=ReplicationStatus")).body.properties).toMatchObject({
      provisioningState: "Creating",
      replicationStatus: { aggregatedState: "InProgress", summary: [{ region: "West Europe" }] },
    });
    await cloud.pass(1200);
    expect((await read()).body.properties).not.toHaveProperty("replicationStatus");
    expect((await read("&$expand=ReplicationStatus")).body.properties.replicationStatus.aggregatedState).toBe(
      "Completed",
    );
  });

  it("has machines in the staging group only while it lasts, and the storage account after it", async () => {
    await readyTemplate(cloud, "t");
    expect(inStaging()).toEqual(["Microsoft.Storage/storageAccounts"]);
    await cloud.service.imageBuilder.virtualMachineImageTemplates.run(TEMPLATE_GROUP, "t").submitted();
    await cloud.pass(300);
    expect(inStaging()).toEqual(
      expect.arrayContaining([
        "Microsoft.Compute/virtualMachines",
        "Microsoft.Compute/disks",
        "Microsoft.Network/networkInterfaces",
        "Microsoft.Network/privateLinkServices",
      ]),
    );
    const usage = await cloud.send("GET", `${ids.network}/usages?api-version=2025-05-01`);
    expect(usage.body.value[0].currentValue).toBe(4);
    await cloud.pass(3600);
    expect(inStaging()).toEqual(["Microsoft.Storage/storageAccounts"]);
  });

  it.each([
    ["Standard_D2ds_v4", "server"],
    ["Standard_D1_v2", "server-gen1"],
  ])("builds on a %s where the template names no size, for ubuntu's %s", async (size, sku) => {
    const source = { type: "PlatformImage", publisher: "Canonical", offer: "ubuntu-24_04-lts", sku, version: "latest" };
    await readyTemplate(cloud, "t", { source, vmProfile: {} });
    await cloud.service.imageBuilder.virtualMachineImageTemplates.run(TEMPLATE_GROUP, "t").submitted();
    await cloud.pass(200);
    const machine = cloud.state().resources.find(({ name }) => String(name).startsWith("pkrvm"));
    expect(machine).toMatchObject({ properties: { hardwareProfile: { vmSize: size } } });
  });

  it("makes managed images and disks where the targets say so", async () => {
    const image = `${ids.imageGroup}/providers/Microsoft.Compute/images/golden`;
    await readyTemplate(cloud, "t", {
      distribute: [
        {
          type: "ManagedImage",
          runOutputName: "image",
          imageId: image,
          location: "westeurope",
          artifactTags: { a: "b" },
        } as never,
        { type: "VHD", runOutputName: "disk" },
        // A name like any other, to whom objects have nothing of that name.
        { type: "VHD", runOutputName: "__proto__" },
      ],
    });
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Succeeded" });
    expect(cloud.state().resources.find(({ id }) => id === image)).toMatchObject({
      tags: { a: "b" },
      properties: { hyperVGeneration: "V2", storageProfile: { osDisk: { osType: "Linux", osState: "Generalized" } } },
    });
    const disk = await cloud.service.imageBuilder.virtualMachineImageTemplates.getRunOutput(
      TEMPLATE_GROUP,
      "t",
      "disk",
    );
    expect(disk.artifactUri).toMatch(/^https:.*\/vhds\/.*\.vhd$/);
    await cloud.send("PUT", `${ids.assignment(ids.subscription, READER)}?api-version=2022-04-01`, {
      body: { properties: { roleDefinitionId: ids.role(READER), principalId: operatorIdentity.principalId } },
    });
    await cloud.pass(60);
    const token = await cloud.tokenOf(operatorIdentity, "https://storage.azure.com");
    const blob = await cloud.send("GET", disk.artifactUri ?? "", { token, headers: { "x-ms-version": "2025-11-05" } });
    expect(blob.status).toBe(200);
    expect(Number(blob.headers.get("content-length"))).toBeGreaterThan(0);
    const outputs = await cloud.send("GET", `${ids.template("t")}/runOutputs?api-version=2025-10-01`);
    expect(outputs.body.value.map(({ name }: { name: string }) => name)).toEqual(["image", "disk", "__proto__"]);
  });

  describe("to a disk in a container of the customer's", () => {
    const account = `${ids.imageGroup}/providers/Microsoft.Storage/storageAccounts/stdisks1`;
    const service = `${account}/blobServices/default`;
    const uri = "https://stdisks1.blob.core.windows.net/vhds/golden.vhd";
    const ran = async () => {
      await readyTemplate(cloud, "t", { distribute: [{ type: "VHD", runOutputName: "disk", uri }] });
      return runToEnd(cloud, "t");
    };
    const letWrite = async () => {
      await cloud.send("PUT", `${ids.assignment(account, READER)}?api-version=2022-04-01`, {
        body: {
          properties: {
            roleDefinitionId: ids.role("ba92f5b4-2d11-453d-a403-e96b0029c9fe"),
            principalId: builderIdentity.principalId,
          },
        },
      });
      await cloud.pass(60);
    };
    beforeEach(async () => {
      await putStorage(account, { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } });
      await cloud.pass(60);
    });

    it("writes it there, where the builder may", async () => {
      for (const id of [service, `${service}/containers/vhds`])
        expect((await putStorage(id, {})).status).toBeLessThan(300);
      await letWrite();
      expect(await ran()).toMatchObject({ runState: "Succeeded" });
      const output = await cloud.send("GET", `${ids.template("t")}/runOutputs/disk?api-version=2025-10-01`);
      expect(output.body.properties.artifactUri).toBe(uri);
      const token = await cloud.tokenOf(builderIdentity, "https://storage.azure.com");
      expect((await cloud.send("GET", "/stdisks1/vhds/golden.vhd", { token })).status).toBe(200);
    });

    it("fails at the end where it may not", async () => {
      await putStorage(service, {});
      await putStorage(`${service}/containers/vhds`, {});
      const refused = await ran();
      expect(refused).toMatchObject({ runState: "Failed", message: expect.stringContaining("StatusCode=403") });
      expect(refused?.message).toContain("AuthorizationPermissionMismatch");
    });

    it("fails at the end where there is no such container", async () => {
      await letWrite();
      expect(await ran()).toMatchObject({ message: expect.stringContaining("ContainerNotFound") });
    });
  });

  it("can be followed by another, whose version is the next", async () => {
    await readyTemplate(cloud, "t", { distribute: [galleryTarget({ versioning: { scheme: "Latest" } })] });
    await runToEnd(cloud, "t");
    await runToEnd(cloud, "t");
    expect(versions().map(({ name }) => name)).toEqual(["0.0.1", "0.0.2"]);
  });

  it.each<[string, object, string | RegExp]>([
    ["Latest, over all versions", { versioning: { scheme: "Latest" } }, "2.1.1"],
    ["Latest with major 1", { versioning: { scheme: "Latest", major: 1 } }, "1.2.1"],
    ["Latest with major 0", { versioning: { scheme: "Latest", major: 0 } }, "0.1.3"],
    ["Source", { versioning: { scheme: "Source" } }, "24.4.202611100"],
    ["none", {}, /^0\.\d{5}\.\d{1,5}$/],
    ["a fixed id", { galleryImageId: `${ids.definition}/versions/7.8.9` }, "7.8.9"],
  ])("numbers the version by the target's scheme: %s", async (_, target, expected) => {
    for (const name of ["0.1.2", "1.2.0", "2.1.0"]) {
      const path = `${ids.definition}/versions/${name}?api-version=2024-03-03`;
      await cloud.send("PUT", path, { body: { location: "westeurope", properties: imageSource } });
    }
    await readyTemplate(cloud, "t", { distribute: [galleryTarget(target)] });
    await runToEnd(cloud, "t");
    expect(versions().at(-1)?.name).toMatch(expected);
  });

  it("builds on the latest version of a gallery image", async () => {
    const path = `${ids.definition}/versions/1.10.0?api-version=2024-03-03`;
    await cloud.send("PUT", path, { body: { location: "westeurope", properties: imageSource } });
    await cloud.send("PUT", path.replace("1.10.0", "1.9.0"), {
      body: { location: "westeurope", properties: imageSource },
    });
    await cloud.send("PUT", path.replace("1.10.0", "9.0.0"), {
      body: { location: "westeurope", properties: { ...imageSource, publishingProfile: { excludeFromLatest: true } } },
    });
    await readyTemplate(cloud, "t", {
      source: { type: "SharedImageVersion", imageVersionId: `${ids.definition}/versions/latest` },
    });
    expect((await rawTemplate(cloud, "t")).properties.source.exactVersion).toBe(`${ids.definition}/versions/1.10.0`);
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Succeeded" });
  });

  it("cannot be started twice at once, and keeps the template from being deleted", async () => {
    await readyTemplate(cloud, "t");
    const { virtualMachineImageTemplates: templates } = cloud.service.imageBuilder;
    await templates.run(TEMPLATE_GROUP, "t").submitted();
    await expect(templates.run(TEMPLATE_GROUP, "t").submitted()).rejects.toMatchObject({ code: "OperationNotAllowed" });
    await expect(templates.delete(TEMPLATE_GROUP, "t").submitted()).rejects.toMatchObject({
      code: "OperationNotAllowed",
      message: expect.stringMatching(
        /imageTemplates\/delete is not allowed in provisioning state: provisioned or run state: running\./,
      ),
    });
    await cloud.pass(3600);
    await finish(cloud, templates.delete(TEMPLATE_GROUP, "t"));
  });

  it("takes as long again after a reset, whatever else was asked meanwhile, and another time with another name", async () => {
    const duration = async (name: string) => {
      const status = await runToEnd(cloud, name);
      return Number(status?.endTime) - Number(status?.startTime);
    };
    await readyTemplate(cloud, "t");
    const first = await duration("t");
    cloud.reset();
    await readyTemplate(cloud, "u");
    await createTemplate(cloud, "t");
    const [other, again] = [await duration("u"), await duration("t")];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it("is over at the same moment when nobody looks", async () => {
    await readyTemplate(cloud, "t");
    await cloud.service.imageBuilder.virtualMachineImageTemplates.run(TEMPLATE_GROUP, "t").submitted();
    await cloud.pass(7200);
    const { startTime, endTime, runState } = (await rawTemplate(cloud, "t")).properties.lastRunStatus;
    expect(runState).toBe("Succeeded");
    expect(Date.parse(endTime) - Date.parse(startTime)).toBeLessThan(30 * 60_000);
  });
});
