import { ContainerClient } from "@azure/storage-blob";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { builderIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import {
  createTemplate,
  finish,
  grantBuilder,
  grants,
  ids,
  rawTemplate,
  readyTemplate,
  runToEnd,
  TEMPLATE_GROUP,
  templateBody,
  templateModel,
} from "../support/cloudTemplates.ts";

/** What would break a naive stand-in, with the real SDKs: one test a row of the list. */
describe("wire surprises", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  it("takes a scope that begins with a slash, which one SDK sends after another slash", async () => {
    await grantBuilder(cloud, "imageCreation");
    const [put] = cloud.requests().requests.filter(({ method }) => method === "PUT");
    expect(put).toMatchObject({ status: 201, path: expect.stringMatching(/^\/subscriptions\//) });
    const answer = await cloud.send(
      "GET",
      `/${ids.assignment(ids.imageGroup, grants.imageCreation)}?api-version=2022-04-01`,
    );
    expect(answer.body.properties.principalId).toBe(builderIdentity.principalId);
  });

  it("takes tokens of both audiences that SDKs ask for: management.azure.com and the endpoint itself", async () => {
    await cloud.service.imageBuilder.virtualMachineImageTemplates.listByResourceGroup(TEMPLATE_GROUP).next();
    await cloud.service.authorization.roleAssignments.listForSubscription().next();
    for (const audience of ["https://management.azure.com", "https://management.azure.com/", cloud.url]) {
      const token = await cloud.tokenOf(builderIdentity, audience);
      const answer = await cloud.send("GET", `${ids.imageGroup}?api-version=2021-04-01`, { token });
      expect(answer.status).toBe(403);
    }
  });

  it("says year 1 for the end of a run that has not ended, and no phase once it has", async () => {
    await readyTemplate(cloud, "t");
    await cloud.service.imageBuilder.virtualMachineImageTemplates.run(TEMPLATE_GROUP, "t").submitted();
    const during = (await rawTemplate(cloud, "t")).properties.lastRunStatus;
    expect(during).toMatchObject({
      endTime: "0001-01-01T00:00:00Z",
      runState: "Running",
      runSubState: "Queued",
      message: "",
    });
    expect(during.startTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
  });

  it("has no lastRunStatus before the first run and no runSubState after the last", async () => {
    await readyTemplate(cloud, "t");
    expect((await rawTemplate(cloud, "t")).properties).not.toHaveProperty("lastRunStatus");
    await runToEnd(cloud, "t");
    const after = (await rawTemplate(cloud, "t")).properties.lastRunStatus;
    expect(after).toMatchObject({ runState: "Succeeded", message: "" });
    expect(after).not.toHaveProperty("runSubState");
  });

  it("ends the run's operation about 65 seconds after the run", async () => {
    await readyTemplate(cloud, "t");
    const started = await cloud.send("POST", `${ids.template("t")}/run?api-version=2025-10-01`);
    const url = started.headers.get("azure-asyncoperation") ?? "";
    let operation = await cloud.send("GET", url);
    while (operation.body.status === "InProgress") {
      await cloud.pass(1);
      operation = await cloud.send("GET", url);
    }
    const { endTime } = (await rawTemplate(cloud, "t")).properties.lastRunStatus;
    const lag = (Date.parse(operation.body.endTime) - Date.parse(endTime)) / 1000;
    expect(operation.body.status).toBe("Succeeded");
    expect(lag).toBeGreaterThan(60);
    expect(lag).toBeLessThan(70);
  });

  it("writes ids as image builder does: resourcegroups small, the identity's key as it was sent", async () => {
    await grantBuilder(cloud);
    await cloud.pass(60);
    const sent = builderIdentity.id.replace("resourceGroups", "RESOURCEGROUPS");
    await createTemplate(cloud, "t", { identity: { type: "UserAssigned", userAssignedIdentities: { [sent]: {} } } });
    const { id, identity, properties } = await rawTemplate(cloud, "t");
    expect(id).toContain("/resourcegroups/rg-goldsmith-templates/");
    expect(Object.keys(identity.userAssignedIdentities)).toEqual([sent]);
    expect(properties.exactStagingResourceGroup).toContain("/resourceGroups/IT_");
  });

  it("answers DELETE with Location and Azure-AsyncOperation alike, so that no SDK ends too early", async () => {
    await readyTemplate(cloud, "t");
    const answer = await cloud.send("DELETE", `${ids.template("t")}?api-version=2025-10-01`);
    expect(answer).toMatchObject({ status: 202, text: "" });
    expect(answer.headers.get("location")).toBe(answer.headers.get("azure-asyncoperation"));
    cloud.reset();

    await readyTemplate(cloud, "u");
    const before = cloud.clock.now();
    await finish(cloud, cloud.service.imageBuilder.virtualMachineImageTemplates.delete(TEMPLATE_GROUP, "u"));
    expect(cloud.clock.now() - before).toBeGreaterThanOrEqual(30_000);
    expect(cloud.state().resources.some(({ name }) => name === "u")).toBe(false);
  });

  it("tells of an operation under a long, opaque, signed URL of its own", async () => {
    await grantBuilder(cloud);
    await cloud.pass(60);
    const put = await cloud.send("PUT", `${ids.template("t")}?api-version=2025-10-01`, { body: templateBody() });
    const url = put.headers.get("azure-asyncoperation") ?? "";
    expect(put.status).toBe(201);
    expect(put.headers.has("location")).toBe(false);
    expect(put.headers.has("retry-after")).toBe(false);
    expect(url.length).toBeGreaterThan(3000);
    const guid = put.headers.get("x-ms-request-id") ?? "";
    expect(url).toContain(`/locations/westeurope/operations/${guid}?`);
    const operation = await cloud.send("GET", url, { as: builderIdentity });
    expect(operation.body).toMatchObject({ name: guid.toUpperCase(), status: "InProgress" });
    expect(operation.body).not.toHaveProperty("endTime");
    const unsigned = await cloud.send("GET", url.replace(/&s=[^&]*/, "&s=x"), { as: builderIdentity });
    expect(unsigned.status).toBe(403);
  });

  it("gets a run again whose answer was lost, since SDKs re-send it, and then says that one is running", async () => {
    await readyTemplate(cloud, "t");
    cloud.addFault({ kind: "loseReply", method: "POST", path: "/run$", count: 1 });
    const run = cloud.service.imageBuilder.virtualMachineImageTemplates.run(TEMPLATE_GROUP, "t");
    await expect(run.submitted()).rejects.toMatchObject({ code: "OperationNotAllowed" });
    const posts = cloud.requests().requests.filter(({ method }) => method === "POST");
    expect(posts.map(({ status }) => status)).toEqual([0, 409]);
    expect(cloud.state().runningBuilds).toHaveLength(1);
  });

  it("gets a run again that was answered with 503", async () => {
    await readyTemplate(cloud, "t");
    cloud.addFault({ status: 503, method: "POST", path: "/run$", count: 1 });
    await cloud.service.imageBuilder.virtualMachineImageTemplates.run(TEMPLATE_GROUP, "t").submitted();
    const posts = cloud.requests().requests.filter(({ method }) => method === "POST");
    expect(posts.map(({ status }) => status)).toEqual([503, 202]);
  });

  it("answers 429 with Retry-After only where it is told to; SDKs retry only then", async () => {
    const { resourceGroups } = cloud.service.resources;
    cloud.addFault({ status: 429, code: "TooManyRequests", path: "rg-images$", count: 1 });
    await expect(resourceGroups.get("rg-images")).rejects.toMatchObject({ statusCode: 429 });
    cloud.addFault({ status: 429, headers: { "Retry-After": "0" }, path: "rg-images$", count: 1 });
    await expect(resourceGroups.get("rg-images")).resolves.toMatchObject({ name: "rg-images" });
  });

  it("fails an operation without a code; the reason stands in the template", async () => {
    const { virtualMachineImageTemplates: templates } = cloud.service.imageBuilder;
    const operation = templates.createOrUpdate(TEMPLATE_GROUP, "t", templateModel());
    await expect(finish(cloud, operation).then(() => operation)).rejects.toThrow(/InternalOperationError/);
    const template = await templates.get(TEMPLATE_GROUP, "t");
    expect(template.provisioningError).toMatchObject({ provisioningErrorCode: "BadSharedImageDistribute" });
  });

  it("gives the storage SDK blobs under the account's own endpoint", async () => {
    await readyTemplate(cloud, "t");
    await runToEnd(cloud, "t");
    const group = (await rawTemplate(cloud, "t")).properties.exactStagingResourceGroup.split("/").at(-1);
    const account = (await cloud.service.storage.storageAccounts.listByResourceGroup(group).next()).value;
    const container = new ContainerClient(`${account.primaryEndpoints.blob}packerlogs`, cloud.service.credential);
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat()) names.push(name);
    expect(names).toEqual([expect.stringMatching(/^[\da-f-]{36}\/customization\.log$/)]);
    const log = (await container.getBlobClient(names[0] ?? "").downloadToBuffer()).toString();
    expect(log).toContain("PACKER OUT     azure-arm: + echo two");
  });
});
