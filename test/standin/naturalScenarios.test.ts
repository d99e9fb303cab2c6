import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity, landscape } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import {
  createTemplate,
  finish,
  ids,
  rawTemplate,
  readyTemplate,
  runToEnd,
  templateBody,
  TEMPLATE_GROUP,
} from "../support/cloudTemplates.ts";

const VERSION = "api-version=2025-10-01";
const IMAGE_BUILDER = "Microsoft.VirtualMachineImages";
const STAGING = `${ids.subscription}/resourceGroups/rg-staging`;

/** What a scenario says fits what was asked, and goes away by what Azure's own pages say to do. */
describe("a scenario that is a state of the cloud", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const templates = () => cloud.service.imageBuilder.virtualMachineImageTemplates;
  const putTemplate = (version = VERSION, top = {}) =>
    cloud.send("PUT", `${ids.template("t")}?${version}`, { body: templateBody({}, top) });
  const provider = (namespace: string, action = "") =>
    cloud.send(action ? "POST" : "GET", `${ids.subscription}/providers/${namespace}${action}?api-version=2021-04-01`);
  const putGroup = () =>
    cloud.send("PUT", `${STAGING}?api-version=2021-04-01`, { body: { location: "westeurope", tags: { own: "yes" } } });
  const stagingRights = async () => {
    const contributor = ids.role("b24988ac-6180-42a0-ab88-20f7382dd24c");
    const id = ids.assignment(STAGING, "9d3f4f0e-5d0b-4d7e-9b0a-00000000000a");
    const properties = { roleDefinitionId: contributor, principalId: builderIdentity.principalId };
    await cloud.send("PUT", `${id}?api-version=2022-04-01`, {
      body: { properties: { ...properties, principalType: "ServicePrincipal" } },
    });
    await cloud.pass(60);
  };

  it("provider-not-registered: until it is registered", async () => {
    cloud.addFault({ scenario: "provider-not-registered" });
    expect((await provider(IMAGE_BUILDER)).body.registrationState).toBe("NotRegistered");
    expect(await putTemplate()).toMatchObject({
      status: 409,
      body: { error: { code: "MissingSubscriptionRegistration" } },
    });
    expect(await provider(IMAGE_BUILDER, "/register")).toMatchObject({ status: 200 });
    await cloud.pass(120);
    expect((await provider(IMAGE_BUILDER)).body.registrationState).toBe("Registered");
    expect(await putTemplate()).toMatchObject({ status: 201 });
  });

  it("container-instances-not-registered: until it is registered", async () => {
    cloud.addFault({ scenario: "container-instances-not-registered" });
    expect((await provider("Microsoft.ContainerInstance")).body.registrationState).toBe("NotRegistered");
    await readyTemplate(cloud, "t");
    expect((await runToEnd(cloud, "t"))?.message).toContain("Azure Container Instances provider not registered");
    await provider("Microsoft.ContainerInstance", "/register");
    await cloud.pass(120);
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Succeeded" });
  });

  it("policy-denies-template: told as Azure Policy tells it, until the assignment is deleted", async () => {
    cloud.addFault({ scenario: "policy-denies-template" });
    const { status, body } = await putTemplate();
    expect(status).toBe(403);
    expect(body.error).toMatchObject({
      code: "RequestDisallowedByPolicy",
      target: "t",
      additionalInfo: [
        { type: "PolicyViolation", info: { policyDefinitionDisplayName: "Not allowed resource types" } },
      ],
    });
    const { policyAssignmentId } = body.error.additionalInfo[0].info;
    expect((await cloud.send("DELETE", `${policyAssignmentId}?api-version=2022-06-01`)).status).toBe(200);
    expect(await putTemplate()).toMatchObject({ status: 201 });
  });

  it("region-not-available: names the region that was asked for, and has others", async () => {
    cloud.addFault({ scenario: "region-not-available" });
    const { location } = landscape.resourceGroups[0] ?? {};
    const refused = await putTemplate(VERSION, { location });
    expect(refused).toMatchObject({ status: 400, body: { error: { code: "LocationNotAvailableForResourceType" } } });
    expect(refused.body.error.message).toContain(`'${location}' is not available for resource type '${IMAGE_BUILDER}`);
    expect(refused.body.error.message.split("List of available regions")[1]).not.toContain(`${location},`);
    expect(await putTemplate(VERSION, { location: "eastus" })).toMatchObject({ status: 201 });
    const { resourceTypes } = (await provider(IMAGE_BUILDER)).body;
    const { locations } = resourceTypes.find(
      ({ resourceType }: { resourceType: string }) => resourceType === "imageTemplates",
    );
    expect(locations).toContain("East US");
    expect(locations).not.toContain("West Europe");
  });

  it("version-not-supported: names the version that was asked for, and takes one of those that it names", async () => {
    cloud.addFault({ scenario: "version-not-supported" });
    const { status, body } = await putTemplate();
    expect({ status, code: body.error.code }).toEqual({ status: 400, code: "NoRegisteredProviderFound" });
    const [, asked, supported = ""] =
      /API version '([^']+)'.*api-versions are '([^']+)'/.exec(body.error.message) ?? [];
    expect(asked).toBe("2025-10-01");
    expect(supported).not.toContain("2025-10-01");
    expect(await putTemplate(`api-version=${supported.split(", ").at(-1)}`)).toMatchObject({ status: 201 });
  });

  it("identity-unusable: until the template has another identity", async () => {
    await readyTemplate(cloud, "t");
    cloud.addFault({ scenario: "identity-unusable" });
    const remove = () => finish(cloud, templates().delete(TEMPLATE_GROUP, "t"));
    for (let time = 0; time < 2; time++) await expect(remove()).rejects.toThrow("managed identity cannot be used");
    const other = builderIdentity.id.replace(/[^/]+$/, "id-other");
    await cloud.send("PUT", `${other}?api-version=2023-01-31`, { body: { location: "westeurope" } });
    const userAssignedIdentities = { [builderIdentity.id]: null, [other]: {} };
    const body = { identity: { type: "UserAssigned", userAssignedIdentities } };
    expect((await cloud.send("PATCH", `${ids.template("t")}?${VERSION}`, { body })).status).toBe(202);
    await cloud.pass(60);
    await remove();
    expect((await cloud.send("GET", `${ids.template("t")}?${VERSION}`)).status).toBe(404);
  });

  it.each([
    ["staging-group-shared", "may be used by another image template"],
    ["staging-group-not-empty", "must be empty"],
    ["staging-group-elsewhere", "must be in the same region"],
  ])("%s: of a group that the template brings, and of no other", async (scenario, told) => {
    cloud.addFault({ scenario });
    await readyTemplate(cloud, "own");
    await putGroup();
    await stagingRights();
    await expect(createTemplate(cloud, "t", { stagingResourceGroup: STAGING })).rejects.toThrow();
    expect((await rawTemplate(cloud, "t")).properties.provisioningError).toMatchObject({
      provisioningErrorCode: "BadStagingResourceGroup",
      message: expect.stringMatching(new RegExp(`${told}|${STAGING}.*${told}`)) as string,
    });
    await finish(cloud, templates().delete(TEMPLATE_GROUP, "t"));
    await cloud.send("DELETE", `${STAGING}?api-version=2021-04-01`);
    await cloud.pass(120);
    await putGroup();
    await stagingRights();
    await createTemplate(cloud, "t", { stagingResourceGroup: STAGING });
  });

  it("private-link-policy: of a subnet that packer comes through, until its policy is off", async () => {
    cloud.addFault({ scenario: "private-link-policy" });
    await readyTemplate(cloud, "own", { vmProfile: { vmSize: "Standard_D2s_v5" } });
    expect(await runToEnd(cloud, "own")).toMatchObject({ runState: "Succeeded" });
    await createTemplate(cloud, "t");
    expect((await runToEnd(cloud, "t"))?.message).toContain(
      `PrivateLinkService Network Policy is not disabled for the given subnet. Subnet: ${ids.subnet}`,
    );
    const { body } = await cloud.send("GET", `${ids.subnet}?api-version=2025-05-01`);
    expect(body.properties.privateLinkServiceNetworkPolicies).toBe("Enabled");
    body.properties.privateLinkServiceNetworkPolicies = "Disabled";
    await cloud.send("PUT", `${ids.subnet}?api-version=2025-05-01`, { body });
    await cloud.pass(60);
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Succeeded" });
  });

  it("container-subnet-not-delegated: not of a template without one", async () => {
    cloud.addFault({ scenario: "container-subnet-not-delegated" });
    await readyTemplate(cloud, "own");
    expect(await runToEnd(cloud, "own")).toMatchObject({ runState: "Succeeded" });
    const containerInstanceSubnetId = `${ids.network}/subnets/snet-containers`;
    const delegations = [
      { name: "containers", properties: { serviceName: "Microsoft.ContainerInstance/containerGroups" } },
    ];
    const subnet = { properties: { addressPrefix: "10.40.1.0/27", delegations } };
    await cloud.send("PUT", `${containerInstanceSubnetId}?api-version=2025-05-01`, { body: subnet });
    await cloud.pass(60);
    await createTemplate(cloud, "t", {
      vmProfile: { vnetConfig: { subnetId: ids.subnet, containerInstanceSubnetId } },
    });
    expect((await runToEnd(cloud, "t"))?.message).toContain(
      `SubnetMissingRequiredDelegation: Subnet ${containerInstanceSubnetId} requires`,
    );
  });

  it.each([
    ["source-missing", "source-gone", "marketplace", "BadPIRSource", "'Canonical:ubuntu-24_04-lts:server:latest'"],
    ["source-missing", "source-gone", "image", "BadManagedImageSource", "The managed image "],
    ["source-missing", "source-gone", "version", "BadSharedImageVersionSource", "GalleryImageVersionsClient#Get"],
  ])("%s and %s: of a source of its kind: %s", async (missing, gone, kind, provisioningErrorCode, told) => {
    const image = `${ids.imageGroup}/providers/Microsoft.Compute/images/base`;
    const storageProfile = { osDisk: { osType: "Linux", osState: "Generalized" } };
    const properties = { hyperVGeneration: "V2", storageProfile };
    await cloud.send("PUT", `${image}?api-version=2024-07-01`, { body: { location: "westeurope", properties } });
    await cloud.send("PUT", `${ids.definition}/versions/1.0.0?api-version=2024-03-03`, {
      body: { location: "westeurope", properties: { storageProfile: { source: { id: image } } } },
    });
    await cloud.pass(1200);
    const sources: Record<string, object> = {
      marketplace: {},
      image: { source: { type: "ManagedImage", imageId: image } },
      version: { source: { type: "SharedImageVersion", imageVersionId: `${ids.definition}/versions/1.0.0` } },
    };
    cloud.addFault({ scenario: missing, count: 1 });
    await expect(readyTemplate(cloud, "t", sources[kind])).rejects.toThrow("InternalOperationError");
    const { provisioningError } = (await rawTemplate(cloud, "t")).properties;
    expect(provisioningError).toEqual({ provisioningErrorCode, message: expect.stringContaining(told) });
    await createTemplate(cloud, "u", sources[kind]);
    cloud.addFault({ scenario: gone, count: 1 });
    expect((await runToEnd(cloud, "u"))?.message).toMatch(
      /^Build step failed: StatusCode=404 .*Code="ResourceNotFound"/,
    );
  });
});
