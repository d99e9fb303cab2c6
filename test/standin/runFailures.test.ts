import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import {
  finish,
  galleryTarget,
  grants,
  ids,
  imageSource,
  rawTemplate,
  readyTemplate,
  runToEnd,
  TEMPLATE_GROUP,
  waitForRun,
} from "../support/cloudTemplates.ts";

const CONTAINER_GROUPS = "Microsoft.ContainerInstance/containerGroups";
const shell = (name: string, ...inline: string[]) => ({ type: "Shell", name, inline }) as never;

describe("a run that does not succeed", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const cancel = () => cloud.send("POST", `${ids.template("t")}/cancel?api-version=2025-10-01`);
  const templates = () => cloud.service.imageBuilder.virtualMachineImageTemplates;
  const versions = () =>
    cloud.state().resources.filter(({ type }) => type === "Microsoft.Compute/galleries/images/versions");
  /** A template with two subnets, both with the policy of private link services on. */
  const isolated = async (delegations: { build: string[]; containers: string[] }) => {
    const put = (name: string, prefix: string, services: string[]) =>
      cloud.send("PUT", `${ids.network}/subnets/${name}?api-version=2025-05-01`, {
        body: {
          properties: {
            addressPrefix: prefix,
            privateLinkServiceNetworkPolicies: "Enabled",
            delegations: services.map((serviceName) => ({ name: "containers", properties: { serviceName } })),
          },
        },
      });
    await put("snet-builds", "10.40.0.0/27", delegations.build);
    await cloud.pass(60);
    await put("snet-containers", "10.40.1.0/27", delegations.containers);
    await cloud.pass(60);
    const containerInstanceSubnetId = `${ids.network}/subnets/snet-containers`;
    await readyTemplate(cloud, "t", { vmProfile: { vnetConfig: { subnetId: ids.subnet, containerInstanceSubnetId } } });
  };
  const logOf = async (message = "") => {
    const url = /Image Build log location: (\S+customization\.log)/.exec(message)?.[1] ?? "";
    const token = await cloud.tokenOf(serviceIdentity, "https://storage.azure.com");
    return (await cloud.send("GET", url, { token, headers: { "x-ms-version": "2025-11-05" } })).text;
  };

  it("fails where a command exits with something else than 0, and says where the log lies", async () => {
    await readyTemplate(cloud, "t", {
      customize: [shell("first", "echo fine"), shell("second", "exit 3"), shell("third", "echo never")],
    });
    const status = await runToEnd(cloud, "t");
    expect(status).toMatchObject({ runState: "Failed" });
    expect(status?.message).toContain("Packer build command has failed: exit status 1");
    expect(status?.message).toMatch(/OperationId: [\da-f-]{36}\. Use this operationId to search packer logs\./);
    const log = await logOf(status?.message);
    expect(log).toContain("Script exited with non-zero exit status: 3. Allowed exit codes are: [0]");
    expect(log).toContain("packer-shell-second");
    expect(log).not.toContain("echo never");
    expect(log.match(/\(telemetry\) Starting provisioner shell/g)).toHaveLength(2);
    expect(versions()).toEqual([]);
    expect((await rawTemplate(cloud, "t")).properties.provisioningState).toBe("Succeeded");
  });

  it("keeps staging group and log after a failure, without the machines", async () => {
    await readyTemplate(cloud, "t", { customize: [shell("bad", "exit 1")] });
    await runToEnd(cloud, "t");
    const { exactStagingResourceGroup } = (await rawTemplate(cloud, "t")).properties;
    const left = cloud.state().resources.filter(({ id }) => String(id).startsWith(exactStagingResourceGroup));
    expect(left.map(({ type }) => type)).toEqual(["Microsoft.Storage/storageAccounts"]);
  });

  const bad = [shell("bad", "exit 1")];
  it.each<[string, object, number]>([
    ["a customizer fails", { customize: bad, errorHandling: { onCustomizerError: "abort" } }, 1],
    ["a validator fails", { validate: { inVMValidations: bad }, errorHandling: { onValidationError: "abort" } }, 1],
    ["the other fails", { validate: { inVMValidations: bad }, errorHandling: { onCustomizerError: "abort" } }, 0],
  ])("keeps the machine where errorHandling says so: %s", async (_, changes, kept) => {
    const machines = () => cloud.state().resources.filter(({ name }) => String(name).startsWith("pkrvm"));
    await readyTemplate(cloud, "t", changes);
    await runToEnd(cloud, "t");
    expect(machines()).toHaveLength(kept);
    await finish(cloud, templates().delete(TEMPLATE_GROUP, "t"));
    expect(machines()).toEqual([]);
  });

  it("reads a command of any length once", async () => {
    await readyTemplate(cloud, "t", { customize: [shell("long", `echo ${" ".repeat(20_000)}$`)] });
    const before = performance.now();
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Succeeded" });
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it("logs each line of a command, and takes none of several for all that it does", async () => {
    const script = shell("script", "echo one\nrm two", "if false; then\n  exit 3\nfi", "exit 4");
    await readyTemplate(cloud, "t", { customize: [script] });
    const log = await logOf((await runToEnd(cloud, "t"))?.message);
    const said = [...log.matchAll(/PACKER OUT     azure-arm: (.*)/g)].map(([, line]) => line);
    expect(said.slice(said.indexOf("+ echo one"))).toEqual([
      "+ echo one",
      "+ rm two",
      "+ if false; then",
      "+   exit 3",
      "+ fi",
      "+ exit 4",
    ]);
    expect(log).toContain("non-zero exit status: 4");
  });

  it("takes exit 0, and what a PowerShell customizer calls valid, for success", async () => {
    const customize = [
      shell("early", "exit 0", "echo never"),
      { type: "PowerShell", name: "reboot", inline: ["exit 3010"], validExitCodes: [0, 3010] } as never,
    ];
    await readyTemplate(cloud, "t", { customize });
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Succeeded" });
  });

  it("fails the customizer that a scenario names, with the line that it asks for", async () => {
    cloud.addFault({ scenario: "customizer-fails", customizer: "tools", line: "E: Unable to locate package helm" });
    await readyTemplate(cloud, "t");
    const status = await runToEnd(cloud, "t");
    expect(await logOf(status?.message)).toContain("E: Unable to locate package helm");
  });

  it("fails while it builds where the subnet's private link service policy is on", async () => {
    const body = { properties: { addressPrefix: "10.40.0.0/27", privateLinkServiceNetworkPolicies: "Enabled" } };
    await readyTemplate(cloud, "t");
    await cloud.send("PUT", `${ids.subnet}?api-version=2025-05-01`, { body });
    const status = await runToEnd(cloud, "t");
    expect(status).toMatchObject({
      runState: "Failed",
      message: expect.stringContaining("PrivateLinkService Network Policy is not disabled for the given subnet"),
    });
    expect(Number(status?.endTime) - Number(status?.startTime)).toBeLessThan(5 * 60_000);
  });

  it("does not look at that policy where containers have a subnet of their own", async () => {
    await isolated({ build: [], containers: ["Microsoft.ContainerInstance/containerGroups"] });
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Succeeded" });
    expect(cloud.state().resources.map(({ type }) => type)).not.toContain("Microsoft.Network/privateLinkServices");
  });

  it.each([
    [
      "the containers' subnet is not delegated to them",
      { build: [], containers: [] },
      "SubnetMissingRequiredDelegation",
    ],
    [
      "the containers' subnet is delegated to others",
      { build: [], containers: ["Microsoft.Web/serverFarms"] },
      "Missing",
    ],
    [
      "the machine's subnet is delegated to containers",
      { build: [CONTAINER_GROUPS], containers: [CONTAINER_GROUPS] },
      "SubnetIsDelegated",
    ],
  ])("fails while it builds where %s, which creation does not look at", async (_, delegations, message) => {
    await isolated(delegations);
    const status = await runToEnd(cloud, "t");
    expect(status).toMatchObject({ runState: "Failed", message: expect.stringContaining(message) });
    expect(status?.message).toMatch(/OperationId: [\da-f-]{36}\.$/);
  });

  it.each<[string, string, string, object | undefined]>([
    ["is gone", "DELETE", "ResourceGroupNotFound", undefined],
    ["has lost the template's marks", "PATCH", "may be used by another image template", { tags: {} }],
  ])(
    "fails while it builds where the staging group %s, and the template can be deleted all the same",
    async (...row) => {
      const [, method, message, body] = row;
      await readyTemplate(cloud, "t");
      const { exactStagingResourceGroup } = (await rawTemplate(cloud, "t")).properties;
      await cloud.send(method, `${exactStagingResourceGroup}?api-version=2021-04-01`, { body });
      await cloud.pass(100);
      expect((await runToEnd(cloud, "t"))?.message).toMatch(
        new RegExp(`^Failed in building/customizing image: .*${message}.*OperationId: `),
      );
      await finish(cloud, templates().delete(TEMPLATE_GROUP, "t"));
      expect(cloud.state().resourceGroups).not.toContainEqual(
        expect.objectContaining({ name: exactStagingResourceGroup.split("/").at(-1) }),
      );
    },
  );

  it("fails while it builds where the identity has lost its role on the staging group", async () => {
    await readyTemplate(cloud, "t");
    cloud.addFault({ scenario: "missing-staging-role" });
    expect((await runToEnd(cloud, "t"))?.message).toContain("Not authorized to access the resource");
  });

  it("fails while it builds where container instances are not registered any more", async () => {
    await readyTemplate(cloud, "t");
    const provider = `${ids.subscription}/providers/Microsoft.ContainerInstance`;
    expect((await cloud.send("POST", `${provider}/unregister?api-version=2021-04-01`)).status).toBe(200);
    expect((await runToEnd(cloud, "t"))?.message).toContain("Azure Container Instances provider not registered");
  });

  it("fails where the definition is of another generation than the source", async () => {
    const source = {
      type: "PlatformImage",
      publisher: "Debian",
      offer: "debian-13",
      sku: "13-gen2",
      version: "latest",
    };
    await cloud.send("PUT", `${ids.definition.replace("aks-jumpbox", "old")}?api-version=2024-03-03`, {
      body: {
        location: "westeurope",
        properties: {
          osType: "Linux",
          osState: "Generalized",
          hyperVGeneration: "V1",
          identifier: { publisher: "goldsmith", offer: "old", sku: "old" },
        },
      },
    });
    await cloud.pass(60);
    const distribute = [galleryTarget({ galleryImageId: ids.definition.replace("aks-jumpbox", "old") })];
    await readyTemplate(cloud, "t", { source, distribute });
    expect((await runToEnd(cloud, "t"))?.message).toContain("different Hyper-V Generation ['V2']");
  });

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

  it("fails where it takes longer than its timeout, in packer's words", async () => {
    await readyTemplate(cloud, "t", { buildTimeoutInMinutes: 6 });
    const status = await runToEnd(cloud, "t");
    expect(status).toMatchObject({ runState: "Failed", message: expect.stringContaining("context deadline exceeded") });
    expect(Number(status?.endTime) - Number(status?.startTime)).toBe(6 * 60_000);
  });

  it("may leave a version behind that goes on being replicated after the timeout", async () => {
    await readyTemplate(cloud, "t", { buildTimeoutInMinutes: 12 });
    const status = await runToEnd(cloud, "t");
    expect(status).toMatchObject({
      runState: "Failed",
      message: "Error publishing MDI to Azure Compute Gallery: context deadline exceeded",
    });
    expect(versions()).toMatchObject([{ properties: { provisioningState: "Creating" } }]);
    await cloud.pass(1200);
    expect(versions()).toMatchObject([{ properties: { provisioningState: "Succeeded" } }]);
  });

  it("cannot work with a timeout of 1 to 5 minutes, which the schema allows", async () => {
    await readyTemplate(cloud, "t", { buildTimeoutInMinutes: 5 });
    expect((await runToEnd(cloud, "t"))?.message).toContain("client_jwt will expire within 5 minutes");
  });

  it("fails on a validation, and distributes all the same where it is told to", async () => {
    const validate = { inVMValidations: [{ type: "Shell", inline: ["exit 1"] } as never] };
    await readyTemplate(cloud, "t", { validate });
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Failed" });
    expect(versions()).toEqual([]);
    cloud.reset();
    await readyTemplate(cloud, "t", { validate: { ...validate, continueDistributeOnFailure: true } });
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Failed" });
    expect(versions()).toHaveLength(1);
  });

  it("fails its operation too, without saying why", async () => {
    await readyTemplate(cloud, "t", { customize: [shell("bad", "exit 1")] });
    await expect(finish(cloud, templates().run(TEMPLATE_GROUP, "t"))).rejects.toThrow(/InternalOperationError/);
  });

  describe("because it is cancelled", () => {
    it("answers 204 at once, is Canceling for a while, then Canceled", async () => {
      await readyTemplate(cloud, "t");
      const run = templates().run(TEMPLATE_GROUP, "t");
      await run.submitted();
      await cloud.pass(500);
      const answer = await cancel();
      expect(answer.status).toBe(204);
      expect(answer.headers.has("azure-asyncoperation") || answer.headers.has("location")).toBe(false);
      const canceling = (await rawTemplate(cloud, "t")).properties.lastRunStatus;
      expect(canceling).toMatchObject({
        runState: "Canceling",
        message: "Canceling image build",
        endTime: "0001-01-01T00:00:00Z",
      });
      expect(canceling).not.toHaveProperty("runSubState");
      expect(await cancel()).toMatchObject({ status: 409, body: { error: { code: "OperationNotAllowed" } } });
      await expect(templates().delete(TEMPLATE_GROUP, "t").submitted()).rejects.toMatchObject({
        code: "OperationNotAllowed",
      });
      expect(await waitForRun(cloud, "t")).toMatchObject({ runState: "Canceled" });
      await expect(finish(cloud, run)).rejects.toThrow("Operation was canceled");
      expect(cloud.state().resources.map(({ type }) => type)).not.toContain("Microsoft.Compute/virtualMachines");
    });

    it("has nothing to cancel where nothing runs", async () => {
      await readyTemplate(cloud, "t");
      expect(await cancel()).toMatchObject({ status: 409, body: { error: { code: "OperationNotAllowed" } } });
    });

    it("may stay Canceling for ever, where a scenario says so", async () => {
      cloud.addFault({ scenario: "cancel-hangs" });
      await readyTemplate(cloud, "t");
      await templates().run(TEMPLATE_GROUP, "t").submitted();
      await cancel();
      await cloud.pass(24 * 3600);
      expect((await rawTemplate(cloud, "t")).properties.lastRunStatus.runState).toBe("Canceling");
    });
  });
});
