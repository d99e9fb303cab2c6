import { assert, jsonValue, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { modernise } from "../../../../src/domain/existingTemplates/modernise.ts";
import { isJsonObject, type Json, type JsonObject, pathText } from "../../../../src/domain/json.ts";
import { everyField, shortTemplate } from "../../../support/imageTemplate.ts";

const texts = (remarks: { path: (string | number)[] | readonly (string | number)[]; message: string }[]) =>
  remarks.map(({ path, message }) => `${pathText(path)}: ${message}`);

function modern(resource: JsonObject, options: Parameters<typeof modernise>[1] = {}) {
  const result = modernise(resource, options);
  if (result.kind === "refused") throw new Error(texts(result.faults).join("\n"));
  return { template: result.template, properties: result.template.properties, notes: texts(result.notes) };
}

function faults(resource: JsonObject, options: Parameters<typeof modernise>[1] = {}): string[] {
  const result = modernise(resource, options);
  return result.kind === "refused" ? texts(result.faults) : [];
}

const gallery = (more: JsonObject): JsonObject => {
  const [target] = (shortTemplate()["properties"] as { distribute: JsonObject[] }).distribute;
  const { targetRegions: _, ...rest } = target ?? {};
  return { distribute: [{ ...rest, ...more }] };
};

describe("a template of the newest API version", () => {
  test("stays as it is, with every field that there is", () => {
    const { type: _type, apiVersion: _version, name: _name, ...sent } = everyField();
    expect(modern(everyField())).toEqual({ template: sent, properties: sent["properties"], notes: [] });
  });

  test("loses what image builder fills in, and what is null", () => {
    const { template } = modern(everyField());
    const read = everyField();
    const properties = {
      ...(read["properties"] as JsonObject),
      provisioningState: "Succeeded",
      exactStagingResourceGroup: "x",
      lastRunStatus: { runState: "Succeeded" },
      provisioningError: null,
    };
    const result = modern({ ...read, id: "/x", systemData: {}, properties });
    expect(result.template).toEqual(template);
    expect(result.notes).toHaveLength(3);
  });

  test("is put together again where a command line has flattened it", () => {
    const { properties, ...rest } = everyField();
    const result = modern({ ...rest, ...(properties as JsonObject) });
    expect(result.properties).toEqual(properties);
    expect(result.notes).toEqual([expect.stringContaining("flattened")]);
  });
});

describe("older shapes are modernised with a note", () => {
  test("replicationRegions and their storage type are targetRegions", () => {
    const { properties, notes } = modern(
      shortTemplate(gallery({ replicationRegions: ["westeurope", "East US"], storageAccountType: "Standard_ZRS" }), {
        apiVersion: "2020-02-14",
      }),
    );
    expect(properties["distribute"]).toMatchObject([
      {
        targetRegions: [
          { name: "westeurope", replicaCount: 1, storageAccountType: "Standard_ZRS" },
          { name: "eastus", replicaCount: 1, storageAccountType: "Standard_ZRS" },
        ],
      },
    ]);
    expect((properties["distribute"] as JsonObject[])[0]).not.toHaveProperty("replicationRegions");
    expect(notes).toContain("properties.distribute[0].replicationRegions[1]: was East US: the region's name is eastus");
    expect(notes).toContain(
      "properties.distribute[0].replicationRegions: are targetRegions now, with one replica each as before",
    );
  });

  test("the three names of a subnet are its id", () => {
    const vmProfile = { vnetConfig: { name: "vnet", subnetName: "snet", resourceGroupName: "rg-network" } };
    const { properties } = modern(shortTemplate({ vmProfile }, { apiVersion: "2019-05-01-preview" }));
    expect(properties["vmProfile"]).toEqual({
      vnetConfig: {
        subnetId: "/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet/subnets/snet",
      },
    });
  });

  test("types in small letters and a script by its former name, as in 2018", () => {
    const properties = {
      customize: [{ type: "shell", script: "https://scripts.example/a.sh" }],
      source: { type: "platformImage", publisher: "a", offer: "b", sku: "c", version: "latest" },
    };
    const result = modern(shortTemplate(properties, { apiVersion: "2018-02-01-preview" }));
    expect(result.properties).toMatchObject({
      customize: [{ type: "Shell", scriptUri: "https://scripts.example/a.sh" }],
      source: { type: "PlatformImage" },
    });
    expect(result.notes).toContain("properties.customize[0].script: is called scriptUri now");
  });

  test("fields in other case, numbers and booleans as text", () => {
    const vmProfile = { vmsize: "Standard_D2s_v5", osDiskSizeGB: "127" };
    const { properties, notes } = modern(
      shortTemplate({
        vmProfile,
        ...gallery({ TargetRegions: [{ name: "westeurope", replicaCount: "2" }], excludeFromLatest: "True" }),
      }),
    );
    expect(properties).toMatchObject({
      vmProfile: { vmSize: "Standard_D2s_v5", osDiskSizeGB: 127 },
      distribute: [{ excludeFromLatest: true, targetRegions: [{ replicaCount: 2 }] }],
    });
    expect(notes).toContain('properties.vmProfile.osDiskSizeGB: was the text "127": image builder takes a number');
  });

  test("a field that the template's version did not know yet counts from now on", () => {
    const { notes } = modern(
      shortTemplate({ optimize: { vmBoot: { state: "enabled" } } }, { apiVersion: "2020-02-14" }),
    );
    expect(notes).toContain(
      "properties.optimize: is of API version 2022-07-01, newer than the template's 2020-02-14, which did not heed it: it counts now",
    );
  });
});

describe("an unknown field", () => {
  const typo = shortTemplate(gallery({ targetRegions: [{ name: "westeurope" }], aritfactTags: { a: "b" } }));

  test("is refused since 2024-02-01, as image builder does, with the word that may be meant", () => {
    expect(faults(typo)).toEqual([
      "properties.distribute[0].aritfactTags: is unknown to image builder, which refuses such fields since API version 2024-02-01; artifactTags may be meant",
    ]);
    expect(faults({ ...typo, apiVersion: undefined as unknown as Json })).toHaveLength(1);
  });

  test("is left out before, when image builder did not heed it", () => {
    const { properties, notes } = modern({ ...typo, apiVersion: "2022-02-14" });
    expect(JSON.stringify(properties)).not.toContain("aritfactTags");
    expect(notes).toContainEqual(expect.stringContaining("properties.distribute[0].aritfactTags: is left out"));
  });
});

describe("what image builder would not take is refused with its path", () => {
  test.each<[string, JsonObject, string]>([
    [
      "ISO",
      { source: { type: "ISO", sourceUri: "https://x.example/rhel.iso" } },
      "properties.source.type: is ISO, of which image builder makes no images since April 2020",
    ],
    [
      "a type that is not there",
      { customize: [{ type: "Powershel" }] },
      "properties.customize[0].type: is Powershel, which image builder does not know: one of Shell, PowerShell",
    ],
    ["no source", { source: null }, "properties.source: is missing"],
    ["no target", { distribute: [] }, "properties.distribute: is empty"],
    [
      "a placeholder",
      { source: { type: "ManagedImage", imageId: "/subscriptions/<subscriptionID>/x" } },
      "properties.source.imageId: still has the placeholder <subscriptionID>: put what it stands for in its place",
    ],
    [
      "an expression by itself",
      { stagingResourceGroup: "[parameters('group')]" },
      "properties.stagingResourceGroup: is an expression of a deployment template",
    ],
    [
      "another id",
      { source: { type: "ManagedImage", imageId: "/subscriptions/x" } },
      "properties.source.imageId: is not the id of a Microsoft.Compute/images: x is no subscription's id",
    ],
    [
      "the id of something else, which an expression may have made",
      { source: { type: "ManagedImage", imageId: "/resourceGroups/rg/providers/Microsoft.Compute/disks/d" } },
      "properties.source.imageId: is not the id of a Microsoft.Compute/images: /resourceGroups/rg/providers/Microsoft.Compute/disks/d",
    ],
    [
      "a number beyond 32 bits",
      { customize: [{ type: "WindowsUpdate", updateLimit: 2 ** 31 }] },
      "properties.customize[0].updateLimit: takes a number from 0 to 2147483647",
    ],
    [
      "a gallery that is shared directly",
      { source: { type: "SharedImageVersion", imageVersionId: "/SharedGalleries/x/Images/a/Versions/latest" } },
      "properties.source.imageVersionId: is in a gallery that its owner shares directly",
    ],
    [
      "regions twice",
      gallery({ replicationRegions: ["westeurope"], targetRegions: [{ name: "westeurope" }] }),
      "properties.distribute[0].replicationRegions: goes without targetRegions",
    ],
    ["no run output", { distribute: [{ type: "VHD" }] }, "properties.distribute[0].runOutputName: is missing"],
    [
      "run outputs twice",
      {
        distribute: [
          { type: "VHD", runOutputName: "a" },
          { type: "VHD", runOutputName: "a" },
        ],
      },
      "properties.distribute[1].runOutputName: stands twice",
    ],
    [
      "a customizer without script",
      { customize: [{ type: "Shell", name: "x" }] },
      "properties.customize[0]: has no script",
    ],
    [
      "system without elevation",
      { customize: [{ type: "PowerShell", inline: ["x"], runAsSystem: true }] },
      "properties.customize[0].runAsSystem: needs runElevated",
    ],
    ["a short time-out", { buildTimeoutInMinutes: 5 }, "properties.buildTimeoutInMinutes: is below 6"],
    [
      "a long time-out",
      { buildTimeoutInMinutes: 961 },
      "properties.buildTimeoutInMinutes: takes a number from 0 to 960",
    ],
    [
      "a bad checksum",
      { customize: [{ type: "File", sourceUri: "https://x.example/a", destination: "/a", sha256Checksum: "abc" }] },
      "properties.customize[0].sha256Checksum: takes 64 hexadecimal digits",
    ],
    [
      "a container subnet alone",
      {
        vmProfile: {
          vnetConfig: {
            containerInstanceSubnetId: "/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/s",
          },
        },
      },
      "properties.vmProfile.vnetConfig.containerInstanceSubnetId: needs a subnetId",
    ],
    [
      "half a subnet",
      { vmProfile: { vnetConfig: { name: "v" } } },
      "properties.vmProfile.vnetConfig: lacks resourceGroupName and subnetName",
    ],
    ["a list that is none", { customize: {} }, "properties.customize: takes an array, not an object"],
  ])("%s", (_, properties, fault) => {
    expect(faults(shortTemplate(properties))).toContainEqual(expect.stringContaining(fault));
  });

  test("an API version that there was not, and a template without location", () => {
    expect(faults(shortTemplate({}, { apiVersion: "2020-01-01" }))).toEqual([
      expect.stringContaining(
        "apiVersion: is 2020-01-01, which is none of the versions that are known: 2018-02-01-preview",
      ),
    ]);
    expect(faults(shortTemplate({}, { location: null }))).toEqual(["location: is missing"]);
    expect(modern(shortTemplate({}, { location: null }), { location: "North Europe" }).template.location).toBe(
      "northeurope",
    );
  });
});

test("whatever stands in a template, it is modern or refused", () => {
  assert(
    property(jsonValue({ maxDepth: 3 }), (value) => {
      const json = value as Json;
      for (const one of [
        shortTemplate({ source: json, customize: [json], distribute: json, vmProfile: json }),
        isJsonObject(json) ? json : {},
      ]) {
        expect(["modern", "refused"]).toContain(modernise(one).kind);
      }
    }),
  );
});
