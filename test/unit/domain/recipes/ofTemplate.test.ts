import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { yamlOf, importTemplate } from "../../../../src/domain/existingTemplates/importTemplate.ts";
import type { JsonObject } from "../../../../src/domain/json.ts";
import { planBuild } from "../../../../src/domain/plan.ts";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { type ParsedRecipe, parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { deploymentOf } from "../../../support/armTemplate.ts";
import { shortTemplate } from "../../../support/imageTemplate.ts";
import { planContext, request } from "../../../support/plan.ts";
import { besideFile } from "../../../support/besideFile.ts";

const OWN = { name: "ubuntu", description: "a sample", template: "templates/ubuntu.json" };

/** A recipe whose template is beside it, each line of which has one value. */
function parsed(own: JsonObject, template: JsonObject | string, subscriptionId?: string): ParsedRecipe {
  const text = typeof template === "string" ? template : JSON.stringify(template, null, 2);
  return parseRecipe("ubuntu.yaml", stringify({ ...OWN, ...own }), {
    subscriptionId,
    readBeside: (path) =>
      path === OWN.template ? besideFile(text) : { kind: "unreadable", message: `cannot be read: ${path}` },
  });
}

const faults = (...given: Parameters<typeof parsed>) => {
  const result = parsed(...given);
  return result.kind === "faulty" ? result.faults.map(faultText) : [];
};

/** With parameters, and a location of the resource group's. */
const deployment = (): JsonObject => {
  const { properties = {} } = shortTemplate({ vmProfile: { vmSize: "[parameters('size')]" } });
  const [resource] = deploymentOf(properties)["resources"] as [JsonObject];
  const image = { ...resource, location: "[resourceGroup().location]", tags: { Cost: "1", kept: "2" } };
  return deploymentOf({}, { parameters: { size: { type: "string" } }, resources: [image] });
};

describe("a recipe that names a template", () => {
  it("is the recipe that import makes of it, and gives the same plan", () => {
    const result = parsed({}, shortTemplate());
    const imported = importTemplate(JSON.stringify(shortTemplate()), { name: "ubuntu" });
    if (result.kind !== "recipe" || imported.kind !== "imported") throw new Error("is refused");
    const written = parseRecipe(
      "ubuntu.yaml",
      stringify({ ...parse(yamlOf(imported.recipe)), ...OWN, template: undefined }),
    );
    if (written.kind !== "recipe") throw new Error("is refused");
    expect(result.recipe).toEqual(written.recipe);
    const plan = (parsed: typeof written) => planBuild({ ...request, image: "ubuntu" }, parsed.recipe, planContext);
    expect(JSON.stringify(plan(result))).toBe(JSON.stringify(plan(written)));
  });

  it("may have secrets, which an identity of the template's machine reads; it is told where there is none", () => {
    const identity = planContext.zone.builder.identityId.replace(/[^/]+$/, "reader");
    const own = { secrets: { API_TOKEN: { vault: "kv-builds", name: "api-token" } } };
    const vmProfile = { vmSize: "Standard_D2s_v5", userAssignedIdentities: [identity] };
    const customize = [{ type: "Shell", inline: ["true"] }];
    expect(parsed(own, shortTemplate({ vmProfile, customize }))).toMatchObject({ kind: "recipe", recipe: own });
    expect(faults(own, shortTemplate({ customize }))).toEqual([
      expect.stringMatching(/^ubuntu\.yaml:\d+:\d+: secrets: need an identity/),
    ]);
  });

  it("has what a template has not, and gives the template what it asks for", () => {
    const own = {
      location: "westeurope",
      zone: "other",
      parameters: { SIZE: "Standard_D4s_v5" },
      egress: [{ name: "packages.microsoft.com" }],
      accept: [{ code: "some-warning", reason: "it is known" }],
      schedule: { cron: "0 2 * * *" },
      tags: { cost: "3" },
    };
    const { template: _, ...told } = OWN;
    expect(parsed(own, deployment())).toMatchObject({
      kind: "recipe",
      recipe: {
        ...told,
        location: "westeurope",
        zone: "other",
        vmProfile: { vmSize: "Standard_D4s_v5" },
        egress: [{ name: "packages.microsoft.com" }],
        schedule: { cron: "0 2 * * *", timeZone: "UTC" },
        // The template's Cost is the same tag to Azure.
        tags: { kept: "2", cost: "3" },
      },
    });
  });

  it("takes one of several image templates, and ids in the service's subscription and the group that is told", () => {
    const id = "[resourceId('Microsoft.Compute/galleries/images', 'gallery', 'ubuntu')]";
    const regions = [{ name: "westeurope" }];
    const distribute = [{ type: "SharedImage", runOutputName: "g", galleryImageId: id, targetRegions: regions }];
    const [other] = deployment()["resources"] as [JsonObject];
    const { properties = {} } = shortTemplate({ distribute });
    const image = { ...other, name: "second", location: "northeurope", properties };
    const file = deploymentOf({}, { resources: [{ ...other, name: "first" }, image] });
    const subscription = "4f6d8a52-9b1e-4d3a-8c47-6e0b7f21a3c5";
    expect(parsed({ resource: "second", resourceGroup: "rg-own" }, file, subscription)).toMatchObject({
      recipe: {
        location: "northeurope",
        distribute: [
          {
            galleryImageId: `/subscriptions/${subscription}/resourceGroups/rg-own/providers/Microsoft.Compute/galleries/gallery/images/ubuntu`,
          },
        ],
      },
    });
    expect(faults({ resource: "third" }, file)).toEqual([
      expect.stringMatching(/^templates\/ubuntu.json:\d+:\d+: .*no image template that is called third/),
    ]);
  });

  it("has notes, with their places, of what is left to the service and of what is modernised", () => {
    const identity = { type: "UserAssigned", userAssignedIdentities: { "/x": {} } };
    const autoRun = { state: "Enabled" };
    const { notes, kind } = parsed({}, shortTemplate({ autoRun }, { apiVersion: "2022-07-01", identity }));
    expect(kind).toBe("recipe");
    const place = { file: "templates/ubuntu.json", line: 2, column: 17 };
    expect(notes).toContainEqual({ ...place, field: "apiVersion", message: "was 2022-07-01, and is 2025-10-01 now" });
    expect(notes).toContainEqual(
      expect.objectContaining({ field: "identity", message: expect.stringContaining("is left out") }),
    );
    expect(notes.map(({ field }) => field)).toContain("properties.autoRun");
  });
});

describe("of a recipe that names a template is told", () => {
  const json = String.raw`^templates\/ubuntu.json:\d+:\d+: `;

  it.each<[string, JsonObject, JsonObject | string, string]>([
    ["what the file is not", {}, "{", `${json}the template: `],
    [
      "a field that image builder would not take",
      {},
      shortTemplate({ source: null }),
      `${json}properties.source: is missing`,
    ],
    [
      "what a recipe cannot say",
      {},
      shortTemplate({ distribute: [{ type: "VHD", runOutputName: "v" }] }),
      `${json}properties.distribute\\[0\\](.uri)?: .*is missing: without one the VHD`,
    ],
    [
      "a secret in it",
      {},
      shortTemplate({ customize: [{ type: "Shell", inline: ["export PASSWORD=hunter2hunter2"] }] }),
      `${json}properties.customize\\[0\\].inline\\[0\\]: looks like a secret`,
    ],
    [
      "a parameter without a value",
      { location: "westeurope" },
      deployment(),
      `${json}parameters.size: .*set it in the recipe's parameters`,
    ],
    [
      "a parameter of another type",
      { location: "westeurope", parameters: { size: 4 } },
      deployment(),
      `${json}parameters.size: takes a value of the type string`,
    ],
    [
      "a parameter that the template has not",
      { location: "westeurope", parameters: { size: "S", colour: "red" } },
      deployment(),
      `${json}.*parameter colour, which it does not have`,
    ],
    [
      "a parameter of a resource by itself",
      { parameters: { size: "S" } },
      shortTemplate(),
      `${json}the template: takes no parameters`,
    ],
    [
      "the time, of which a plan would be another each time",
      {},
      deploymentOf({}, { ...deployment(), parameters: { size: { type: "string", defaultValue: "[utcNow()]" } } }),
      `${json}parameters.size.defaultValue: .*utcNow`,
    ],
    [
      "another resource than the one there is",
      { resource: "x" },
      shortTemplate(),
      `${json}the template: is one resource`,
    ],
    ["a location that it needs", { parameters: { size: "S" } }, deployment(), `${json}.*set location in the recipe`],
    [
      "another location than the template's",
      { location: "northeurope" },
      shortTemplate(),
      "^ubuntu.yaml:4:11: location: must be the template's own",
    ],
    [
      "one parameter in two cases",
      { parameters: { size: "a", Size: "b" } },
      deployment(),
      "^ubuntu.yaml:6:9: parameters.Size: stands there twice",
    ],
    [
      "a field that the template has as well",
      { source: { type: "PlatformImage" }, customize: [] },
      shortTemplate(),
      "^ubuntu.yaml:4:1: source: is told by the template.*\n.*customize: is told by the template",
    ],
    ["a field that a recipe has not", { identity: {} }, shortTemplate(), "identity: is not taken"],
    [
      "a secret among its parameters",
      { parameters: { x: "password=hunter2hunter2" } },
      deployment(),
      "parameters.x: looks like a secret",
    ],
    [
      "more tags than Azure takes",
      { tags: manyTags(48) },
      shortTemplate({}, { tags: { one: "1" } }),
      "^ubuntu.yaml:.* tags: are \\d+ tags with",
    ],
    [
      "a file that cannot be read",
      { template: "other.json" },
      shortTemplate(),
      "^ubuntu.yaml:3:11: template: cannot be read: other.json",
    ],
  ])("%s", (_, own, template, told) => {
    expect(faults(own, template).join("\n")).toMatch(new RegExp(told, "s"));
  });

  it("a slip of the pen in its field", () => {
    const { template, ...rest } = OWN;
    const slipped = parseRecipe("ubuntu.yaml", stringify({ ...rest, templte: template }));
    expect(slipped.kind === "faulty" && slipped.faults.map(faultText)).toContain(
      "ubuntu.yaml:3:1: templte: is not a field here; did you mean template?",
    );
  });

  it.each([
    "../x.json",
    "a/../../x.json",
    "/etc/x.json",
    "./x.json",
    "a//x.json",
    "a\\x.json",
    "C:/x.json",
    "x\u0000.json",
    "x.bicep",
    "",
  ])("a path that might lead out of the folder, or to no JSON: %j", (template) => {
    const told = faults({ template }, shortTemplate());
    expect(told.length).toBeGreaterThan(0);
    expect(told.join("\n")).not.toContain("cannot be read");
  });
});

function manyTags(count: number): JsonObject {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, "x"]));
}
