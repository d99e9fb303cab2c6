import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import {
  finish,
  galleryTarget,
  ids,
  imageSource,
  rawTemplate,
  readyTemplate,
  TEMPLATE_GROUP,
} from "../support/cloudTemplates.ts";

const UBUNTU = { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server" };
const HOUR = 3600;

const path = (name = "n", template = "t") => `${ids.template(template)}/triggers/${name}?api-version=2025-10-01`;

describe("a trigger", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud({ triggersPerRegion: 2, tokenSeconds: 30 * 24 * HOUR })));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const put = (name?: string, template?: string, body: unknown = { properties: { kind: "SourceImage" } }) =>
    cloud.send("PUT", path(name, template), { body });
  const active = async () => {
    expect((await put()).status).toBe(201);
    await cloud.pass(5);
  };
  const publish = (version: string) => cloud.publishPlatformImage({ ...UBUNTU, version });
  const runsSince = async (time: number) => {
    const { lastRunStatus } = (await rawTemplate(cloud, "t")).properties;
    return lastRunStatus && Date.parse(lastRunStatus.startTime) >= time ? lastRunStatus.runState : undefined;
  };

  it("is created as recorded, and lives and goes by the SDK", async () => {
    await readyTemplate(cloud, "t");
    const made = await put();
    expect(made).toMatchObject({ status: 201, body: { name: "n", properties: { kind: "SourceImage" } } });
    expect(made.headers.has("azure-asyncoperation")).toBe(true);
    expect(made.headers.has("location")).toBe(false);
    await cloud.pass(5);
    const { triggers } = cloud.operator.imageBuilder;
    expect(await triggers.get(TEMPLATE_GROUP, "t", "n")).toMatchObject({
      properties: {
        kind: "SourceImage",
        provisioningState: "Succeeded",
        status: { code: "Healthy", message: "Trigger is active", time: expect.any(Date) },
      },
    });
    expect((await put()).status).toBe(200);
    const names: (string | undefined)[] = [];
    for await (const { name } of triggers.listByImageTemplate(TEMPLATE_GROUP, "t")) names.push(name);
    expect(names).toEqual(["n"]);
    await finish(cloud, triggers.delete(TEMPLATE_GROUP, "t", "n"));
    expect((await cloud.send("DELETE", path())).status).toBe(204);
    expect((await cloud.send("GET", path())).body.error.code).toBe("ResourceNotFound");
  });

  it.each<[string, () => Promise<unknown>, number, string]>([
    ["without a kind", () => put("n", "t", { properties: {} }), 400, "Missing field 'kind'"],
    ["of another kind", () => put("n", "t", { properties: { kind: "Clock" } }), 400, "Field 'kind' has a bad value"],
    ["with an unknown field", () => put("n", "t", { properties: { kind: "SourceImage" }, x: 1 }), 400, "unknown field"],
    [
      "with an unknown property",
      () => put("n", "t", { properties: { kind: "SourceImage", x: 1 } }),
      400,
      "unknown field",
    ],
    ["of a name that is too long", () => put("n".repeat(65)), 400, "Field 'name' has a bad value"],
    ["of no template", () => put("n", "none"), 404, "imageTemplates/none"],
  ])("is refused %s", async (_, refused, status, message) => {
    await readyTemplate(cloud, "t");
    expect(await refused()).toMatchObject({ status, body: { error: { message: expect.stringContaining(message) } } });
  });

  it.each<[string, object]>([
    ["the source has a fixed version", { source: { type: "PlatformImage", ...UBUNTU, version: "24.04.202611100" } }],
    [
      "no target is in a gallery",
      {
        distribute: [
          {
            type: "ManagedImage",
            runOutputName: "image",
            imageId: `${ids.imageGroup}/providers/Microsoft.Compute/images/golden`,
            location: "westeurope",
          },
        ],
      },
    ],
    ["a target has one", { distribute: [galleryTarget({ galleryImageId: `${ids.definition}/versions/1.0.0` })] }],
  ])("is refused where %s", async (_, changes) => {
    await readyTemplate(cloud, "t", changes);
    expect(await put()).toMatchObject({ status: 400, body: { error: { code: "ValidationFailed" } } });
  });

  it("is refused where the target is the source", async () => {
    const version = `${ids.definition}/versions/1.0.0?api-version=2024-03-03`;
    await cloud.send("PUT", version, { body: { location: "westeurope", properties: imageSource } });
    await cloud.pass(HOUR);
    await readyTemplate(cloud, "t", {
      source: { type: "SharedImageVersion", imageVersionId: `${ids.definition}/versions/latest` },
    });
    expect((await put()).body.error.message).toContain("not its source");
  });

  it("is refused for a template that failed, as a template's second, and as a region's one too many", async () => {
    cloud.addFault({ scenario: "script-unavailable", template: "bad" });
    await expect(readyTemplate(cloud, "bad")).rejects.toThrow();
    expect((await put("n", "bad")).body.error.code).toBe("OperationNotAllowed");
    for (const name of ["t", "u", "v"]) await readyTemplate(cloud, name);
    await active();
    expect(await put("other")).toMatchObject({ status: 409, body: { error: { code: "Conflict" } } });
    expect((await put("n", "u")).status).toBe(201);
    expect((await put("n", "v")).body.error.message).toContain("limit of 2 triggers");
  });

  it("starts a run when the platform image has a new version, and for each only once", async () => {
    await readyTemplate(cloud, "t");
    await active();
    await cloud.pass(24 * HOUR);
    expect(await runsSince(0)).toBeUndefined();
    const published = cloud.clock.now();
    publish("24.04.202611200");
    await cloud.pass(HOUR);
    expect(await runsSince(published)).toBe("Succeeded");
    expect((await rawTemplate(cloud, "t")).properties.source.exactVersion).toBe("24.04.202611200");
    const later = cloud.clock.now();
    publish("24.04.202611150");
    await cloud.pass(24 * HOUR);
    expect(await runsSince(later)).toBeUndefined();
  });

  it("starts a run when the gallery image has a new version that counts as latest", async () => {
    const source = ids.definition.replace("aks-jumpbox", "base");
    const write = async (id: string, properties: object) => {
      await cloud.send("PUT", `${id}?api-version=2024-03-03`, { body: { location: "westeurope", properties } });
      await cloud.pass(60);
    };
    await write(source, {
      osType: "Linux",
      osState: "Generalized",
      hyperVGeneration: "V2",
      identifier: { publisher: "goldsmith", offer: "base", sku: "base" },
    });
    await write(`${source}/versions/1.0.0`, imageSource);
    await readyTemplate(cloud, "t", {
      source: { type: "SharedImageVersion", imageVersionId: `${source}/versions/latest` },
    });
    await active();
    await write(`${source}/versions/9.0.0`, { ...imageSource, publishingProfile: { excludeFromLatest: true } });
    await cloud.pass(2 * HOUR);
    expect(await runsSince(0)).toBeUndefined();
    await write(`${source}/versions/1.1.0`, imageSource);
    await cloud.pass(2 * HOUR);
    expect(await runsSince(0)).toBe("Succeeded");
  });

  it("is deactivated after three runs that fail in a row, until one succeeds that somebody started", async () => {
    cloud.addFault({ scenario: "customizer-fails" });
    await readyTemplate(cloud, "t");
    await active();
    for (const version of ["24.04.202611201", "24.04.202611202", "24.04.202611203"]) {
      publish(version);
      await cloud.pass(2 * HOUR);
    }
    const status = async () => (await cloud.send("GET", path())).body.properties.status;
    expect(await status()).toMatchObject({ code: "Unhealthy" });
    const deactivated = cloud.clock.now();
    publish("24.04.202611204");
    await cloud.pass(24 * HOUR);
    expect(await runsSince(deactivated)).toBeUndefined();
    cloud.clearFaults();
    await cloud.service.imageBuilder.virtualMachineImageTemplates.run(TEMPLATE_GROUP, "t").submitted();
    await cloud.pass(HOUR);
    expect(await status()).toMatchObject({ code: "Healthy" });
  });

  it("goes with its template", async () => {
    await readyTemplate(cloud, "t");
    await active();
    await finish(cloud, cloud.service.imageBuilder.virtualMachineImageTemplates.delete(TEMPLATE_GROUP, "t"));
    publish("24.04.202611200");
    await cloud.pass(24 * HOUR);
    expect(cloud.state().resources.filter(({ type }) => String(type).includes("imageTemplates"))).toEqual([]);
  });

  it("is known to versions of the API from 2022-07-01 on", async () => {
    const answer = await cloud.send("GET", path().replace("2025-10-01", "2022-02-14"));
    expect(answer.body.error.code).toBe("NoRegisteredProviderFound");
  });

  it("has its operations in the list of image builder's, which everybody may read", async () => {
    const names: (string | undefined)[] = [];
    for await (const { name, display } of cloud.service.imageBuilder.operations.list()) {
      expect(display).toMatchObject({ provider: expect.any(String), operation: expect.any(String) });
      names.push(name);
    }
    expect(names).toContain("Microsoft.VirtualMachineImages/imageTemplates/triggers/write");
  });
});
