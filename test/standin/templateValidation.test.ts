import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, operatorIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { galleryTarget, ids, templateBody } from "../support/cloudTemplates.ts";

describe("an image template's PUT", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const put = (body: unknown, version = "2025-10-01", name = "t") =>
    cloud.send("PUT", `${ids.template(name)}?api-version=${version}`, { body });
  const shell = { type: "Shell", inline: ["true"] };

  it.each<[string, object, string]>([
    ["an unknown property", { colour: "red" }, 'unknown field "colour"'],
    ["a property of the wrong case", { vmprofile: {} }, 'unknown field "vmprofile"'],
    ["an unknown field of a customizer", { customize: [{ ...shell, script: "x" }] }, 'unknown field "script"'],
    ["an unknown field far down", { optimize: { vmboot: { state: "Enabled" } } }, 'unknown field "vmboot"'],
  ])("does not know %s", async (_, properties, message) => {
    const { status, body } = await put(templateBody(properties));
    expect({ status, code: body.error.code }).toEqual({ status: 400, code: "ValidationFailed" });
    expect(body.error.message).toMatch(/^Unmarshalling entity encountered error/);
    expect(body.error.message).toContain(message);
  });

  it("does not know an apiVersion in the body", async () => {
    const { body } = await put(templateBody({}, { apiVersion: "2025-10-01" }));
    expect(body.error.message).toContain('unknown field "apiVersion"');
  });

  it("knows fields only from the version on that has them", async () => {
    const disks = templateBody({ additionalDataDisks: [{ sizeGB: 0 }, { sizeGB: 16 }] });
    expect((await put(disks, "2024-02-01")).body.error.message).toContain('unknown field "additionalDataDisks"');
    expect((await put(disks)).status).toBe(201);
  });

  it("lets unknown fields pass before 2024-02-01", async () => {
    const answer = await put(templateBody({ colour: "red" }), "2022-07-01");
    expect(answer.status).toBe(201);
    expect(answer.body.properties).not.toHaveProperty("colour");
  });

  it.each<[string, object, object, string]>([
    ["no identity", {}, { identity: undefined }, "Missing field 'identity'"],
    ["identity None", {}, { identity: { type: "None" } }, "'ImageTemplate.identity': Field 'type' has a bad value"],
    [
      "two identities",
      {},
      {
        identity: {
          type: "UserAssigned",
          userAssignedIdentities: { [builderIdentity.id]: {}, [operatorIdentity.id]: {} },
        },
      },
      "Field 'userAssignedIdentities' has a bad value",
    ],
    ["no source", { source: undefined }, {}, "'ImageTemplate.properties': Missing field 'source'"],
    ["no target", { distribute: [] }, {}, "Field 'distribute' has a bad value"],
    [
      "an unknown source type",
      { source: { type: "Floppy" } },
      {},
      "'ImageTemplate.properties.source': Field 'type' has a bad value",
    ],
    ["a source type of the wrong case", { source: { type: "platformImage" } }, {}, "Field 'type' has a bad value"],
    [
      "half a platform image",
      { source: { type: "PlatformImage", publisher: "Canonical" } },
      {},
      "Missing field 'offer'",
    ],
    [
      "a managed image that is no id",
      { source: { type: "ManagedImage", imageId: "x" } },
      {},
      "Field 'imageId' has a bad value",
    ],
    [
      "a version that is no number",
      { source: { type: "SharedImageVersion", imageVersionId: `${ids.definition}/versions/new` } },
      {},
      "Field 'imageVersionId' has a bad value",
    ],
    [
      "a customizer without a script",
      { customize: [{ type: "Shell" }] },
      {},
      "'ImageTemplate.properties.customize[0]': Missing field 'scriptUri' or 'inline'",
    ],
    [
      "a customizer with two",
      { customize: [{ ...shell, scriptUri: "https://x.test/a.sh" }] },
      {},
      "Field 'scriptUri' has a bad value",
    ],
    [
      "an exit code of more than 32 bits",
      { customize: [{ type: "PowerShell", inline: ["dir"], validExitCodes: [2 ** 31] }] },
      {},
      "'ImageTemplate.properties.customize[0].validExitCodes': Field '0' has a bad value",
    ],
    [
      "a number as a command",
      { customize: [{ type: "Shell", inline: [1] }] },
      {},
      "'ImageTemplate.properties.customize[0].inline': Field '0' has a bad value",
    ],
    [
      "an unknown customizer",
      { customize: [{ type: "Ansible" }] },
      {},
      "'ImageTemplate.properties.customize[0]': Field 'type' has a bad value",
    ],
    [
      "runAsSystem without runElevated",
      { customize: [{ type: "PowerShell", inline: ["dir"], runAsSystem: true }] },
      {},
      "Field 'runAsSystem' has a bad value",
    ],
    [
      "a file without a destination",
      { customize: [{ type: "File", sourceUri: "https://x.test/a" }] },
      {},
      "Missing field 'destination'",
    ],
    [
      "a target without a run output",
      { distribute: [galleryTarget({ runOutputName: undefined })] },
      {},
      "'ImageTemplate.properties.distribute[0]': Missing field 'runOutputName'",
    ],
    [
      "one run output twice",
      { distribute: [galleryTarget(), galleryTarget()] },
      {},
      "'ImageTemplate.properties.distribute[1]': Field 'runOutputName' has a bad value",
    ],
    [
      "regions in both forms",
      { distribute: [galleryTarget({ replicationRegions: ["westeurope"] })] },
      {},
      "Field 'targetRegions' has a bad value",
    ],
    [
      "a storage type that there is not",
      { distribute: [galleryTarget({ targetRegions: [{ name: "westeurope", storageAccountType: "Tape" }] })] },
      {},
      "Field 'storageAccountType' has a bad value",
    ],
    [
      "an unknown versioning",
      { distribute: [galleryTarget({ versioning: { scheme: "latest" } })] },
      {},
      "Field 'scheme' has a bad value",
    ],
    ["a timeout over 960", { buildTimeoutInMinutes: 961 }, {}, "Field 'buildTimeoutInMinutes' has a bad value"],
    ["a negative timeout", { buildTimeoutInMinutes: -1 }, {}, "Field 'buildTimeoutInMinutes' has a bad value"],
    [
      "a container subnet alone",
      { vmProfile: { vnetConfig: { containerInstanceSubnetId: ids.subnet } } },
      {},
      "Field 'containerInstanceSubnetId' has a bad value",
    ],
    [
      "one subnet for both",
      { vmProfile: { vnetConfig: { subnetId: ids.subnet, containerInstanceSubnetId: ids.subnet } } },
      {},
      "Field 'containerInstanceSubnetId' has a bad value",
    ],
    [
      "a proxy size with a container subnet",
      {
        vmProfile: {
          vnetConfig: {
            subnetId: ids.subnet,
            containerInstanceSubnetId: `${ids.subnet}2`,
            proxyVmSize: "Standard_A1_v2",
          },
        },
      },
      {},
      "Field 'proxyVmSize' has a bad value",
    ],
    [
      "a staging group that is no id",
      { stagingResourceGroup: "rg" },
      {},
      "Field 'stagingResourceGroup' has a bad value",
    ],
  ])("refuses %s", async (_, properties, top, message) => {
    const { status, body } = await put(templateBody(properties, top));
    expect({ status, code: body.error.code }).toEqual({ status: 400, code: "ValidationFailed" });
    expect(body.error.message).toMatch(/^Validation failed: 'ImageTemplate/);
    expect(body.error.message).toContain(message);
    expect(cloud.state().resources.some(({ name }) => name === "t")).toBe(false);
  });

  it("refuses a name that is too long, a region that there is not, and no region", async () => {
    expect((await put(templateBody(), "2025-10-01", "x".repeat(65))).body.error.code).toBe("ValidationFailed");
    expect((await put(templateBody({}, { location: "atlantis" }))).body.error.code).toBe(
      "LocationNotAvailableForResourceType",
    );
    expect((await put(templateBody({}, { location: undefined }))).body.error.code).toBe("LocationRequired");
  });

  it("refuses an identity that is not there", async () => {
    const identity = { type: "UserAssigned", userAssignedIdentities: { [`${builderIdentity.id}-gone`]: {} } };
    expect((await put(templateBody({}, { identity }))).body.error.code).toBe("FailedIdentityOperation");
  });

  it("takes every type of customizer, validator, target and source, and gives them back", async () => {
    const properties = {
      source: { type: "SharedImageVersion", imageVersionId: `${ids.definition}/versions/latest` },
      customize: [
        { type: "Shell", name: "a", scriptUri: "https://x.test/a.sh", sha256Checksum: "00" },
        { type: "PowerShell", inline: ["dir"], runElevated: true, runAsSystem: true, validExitCodes: [0, 3010] },
        { type: "File", sourceUri: "https://x.test/a", destination: "/tmp/a", sha256Checksum: "00" },
        { type: "WindowsRestart", restartCommand: "shutdown /r", restartCheckCommand: "echo", restartTimeout: "5m" },
        { type: "WindowsUpdate", searchCriteria: "IsInstalled=0", filters: ["include:$true"], updateLimit: 20 },
      ],
      validate: {
        continueDistributeOnFailure: true,
        sourceValidationOnly: false,
        inVMValidations: [
          { type: "Shell", inline: ["true"] },
          { type: "PowerShell", inline: ["dir"] },
          { type: "File", sourceUri: "https://x.test/a", destination: "/a" },
        ],
      },
      optimize: { vmBoot: { state: "Enabled" }, workload: { state: "Disabled" } },
      distribute: [
        galleryTarget({ versioning: { scheme: "Source" }, replicationMode: "Shallow", excludeFromLatest: true }),
        {
          type: "ManagedImage",
          runOutputName: "image",
          imageId: `${ids.imageGroup}/providers/Microsoft.Compute/images/i`,
          location: "westeurope",
        },
        { type: "VHD", runOutputName: "vhd", artifactTags: { a: "b" } },
      ],
      errorHandling: { onCustomizerError: "abort", onValidationError: "cleanup" },
      autoRun: { state: "Disabled" },
      managedResourceTags: { cost: "1" },
      buildTimeoutInMinutes: 90,
    };
    const { status, body } = await put(templateBody(properties, { tags: { a: "b" } }));
    expect(status).toBe(201);
    expect(body).toMatchObject({ properties, tags: { a: "b" } });
  });

  it("answers as image builder does before it has looked", async () => {
    const { body } = await put(templateBody({ vmProfile: {} }));
    expect(body).toMatchObject({
      name: "t",
      type: "Microsoft.VirtualMachineImages/imageTemplates",
      location: "westeurope",
    });
    expect(body.identity.userAssignedIdentities).toEqual({ [builderIdentity.id]: {} });
    expect(body.properties).toMatchObject({
      provisioningState: "Creating",
      stagingResourceGroup: "",
      exactStagingResourceGroup: "",
      source: { version: "latest", exactVersion: "latest" },
      vmProfile: { vmSize: "", osDiskSizeGB: 0 },
    });
    expect(body.properties.distribute[0].versioning).toBeNull();
    const without = await put(templateBody({ vmProfile: undefined }), "2025-10-01", "u");
    expect(without.body.properties).not.toHaveProperty("vmProfile");
  });
});
