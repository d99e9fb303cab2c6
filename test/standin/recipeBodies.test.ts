import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { imageTemplates } from "../../src/azure/imageTemplates.ts";
import { planBuild } from "../../src/domain/plan.ts";
import { faultText } from "../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../src/domain/recipes/recipeFile.ts";
import type { Recipe } from "../../src/domain/recipes/schema.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids, rawTemplate } from "../support/cloudTemplates.ts";
import { planContext, request } from "../support/plan.ts";
import { settings } from "../support/preflightGround.ts";
import { besideFile } from "../support/besideFile.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.close());

const [zone = planContext.zone] = settings.zones.values();

function parsed(fields: string, name = "full"): Recipe {
  const result = parseRecipe(
    `${name}.yaml`,
    `name: ${name}\ndescription: all there is\nlocation: westeurope\n${fields}`,
    { readBeside: (path) => besideFile(`- { type: Shell, name: "${path}", inline: ["true"] }`) },
  );
  if (result.kind === "faulty") throw new Error(result.faults.map(faultText).join("\n"));
  return result.recipe;
}

/** What reaches Azure of a recipe, as Azure gives it back. */
async function sent(fields: string, ...others: Recipe[]) {
  const recipes = new Map(others.map((other) => [other.name, other]));
  const { template } = planBuild(request, parsed(fields), { ...planContext, ...settings, zone, recipes });
  await imageTemplates(cloud.service.imageBuilder, settings).create("t", template);
  const { location, tags, identity, properties } = await rawTemplate(cloud, "t");
  return { location, tags, identity, ...properties };
}

const TARGET = `
  type: SharedImage
  galleryImageId: ${ids.definition}
  targetRegions: [{ name: westeurope }]`;
const LINUX = "source: { type: PlatformImage, publisher: Canonical, offer: ubuntu-24_04-lts, sku: server }";

describe("what reaches image builder of a recipe", () => {
  it("is nothing that is not written", async () => {
    const body = await sent(`
${LINUX}
customize: [{ type: Shell, name: s, inline: ["true"] }, { type: Shell, scriptUri: "https://x.test/a.sh", unchecked: true }]
validate: { inVMValidations: [{ type: Shell, inline: ["true"] }] }
distribute: ${TARGET}
  versioning: { scheme: Latest, major: 3 }
vmProfile: { vmSize: Standard_D2s_v5 }
`);
    expect(body.customize).toEqual([
      { type: "Shell", name: "s", inline: ["true"] },
      { type: "Shell", scriptUri: "https://x.test/a.sh" },
    ]);
    expect(body.validate).toEqual({ inVMValidations: [{ type: "Shell", inline: ["true"] }] });
    expect(body.distribute).toMatchObject([{ versioning: { scheme: "Latest", major: 3 }, excludeFromLatest: false }]);
    expect(body.vmProfile).toEqual({ vmSize: "Standard_D2s_v5", osDiskSizeGB: 0 });
    for (const field of ["optimize", "errorHandling", "additionalDataDisks", "autoRun"]) {
      expect(body[field]).toBeUndefined();
    }
  });

  it.each([
    [
      "of a managed image",
      `{ type: ManagedImage, imageId: ${ids.imageGroup}/providers/Microsoft.Compute/images/base }`,
    ],
    ["of a version in a gallery", `{ type: SharedImageVersion, imageVersionId: ${ids.definition}/versions/latest }`],
  ])("is the source %s", async (_, source) => {
    const body = await sent(`source: ${source}\ndistribute: ${TARGET}\nvmProfile: { vmSize: Standard_D2s_v5 }\n`);
    const [, type = ""] = /type: (\w+)/.exec(source) ?? [];
    const [, id = ""] = /Id: (\S+)/.exec(source) ?? [];
    expect(body.source).toMatchObject({ type, [type === "ManagedImage" ? "imageId" : "imageVersionId"]: id });
  });

  it.each([
    ["the latest version in its gallery", TARGET, `${ids.definition}/versions/latest`],
    [
      "the one version that it names",
      TARGET.replace(ids.definition, "$&/versions/1.2.3"),
      `${ids.definition}/versions/1.2.3`,
    ],
    [
      "its managed image",
      `{ type: ManagedImage, imageId: ${ids.imageGroup}/providers/Microsoft.Compute/images/base }`,
      `${ids.imageGroup}/providers/Microsoft.Compute/images/base`,
    ],
  ])("is as the source that is another recipe %s", async (_, distribute, id) => {
    const rest = "vmProfile: { vmSize: Standard_D2s_v5 }\n";
    const base = parsed(`${LINUX}\ndistribute: ${distribute}\n${rest}`, "base");
    const body = await sent(`source: { recipe: base }\ndistribute: ${TARGET}\n${rest}`, base);
    expect(body.source).toEqual(
      id.includes("/versions/")
        ? expect.objectContaining({ type: "SharedImageVersion", imageVersionId: id })
        : { type: "ManagedImage", imageId: id },
    );
  });

  it.each([
    [
      "Linux",
      "Shell",
      (data: string) => [
        "sudo install -d -m 0755 /var/lib/goldsmith",
        `echo ${data} | base64 -d | sudo tee /var/lib/goldsmith/parameters.json > /dev/null`,
        "sudo chmod 0644 /var/lib/goldsmith/parameters.json",
      ],
    ],
    [
      "Windows",
      "PowerShell",
      (data: string) => [
        "New-Item -ItemType Directory -Force -Path 'C:\\ProgramData\\Goldsmith' -ErrorAction Stop | Out-Null",
        `[IO.File]::WriteAllBytes('C:\\ProgramData\\Goldsmith\\parameters.json', [Convert]::FromBase64String('${data}'))`,
      ],
    ],
  ])("is on %s first of all the step that writes its parameters", async (_, type, inline) => {
    const body = await sent(`
${LINUX}
parameters: { count: { type: integer, description: d, default: 3 }, of: { type: string, description: d, default: "a'b" } }
customize: [{ type: ${type}, inline: [a] }]
distribute: ${TARGET}
vmProfile: { vmSize: Standard_D2s_v5 }
`);
    const data = Buffer.from(`{"count":3,"of":"a'b"}`).toString("base64");
    expect(body.customize).toEqual([
      { type, name: "parameters", inline: inline(data) },
      { type, inline: ["a"] },
    ]);
  });

  it("is of a snippet each step, in its place", async () => {
    const steps = `[{ type: Shell, inline: [a] }, { include: snippets/s.yaml }, { type: Shell, inline: [b] }]`;
    const body = await sent(
      `${LINUX}\ncustomize: ${steps}\ndistribute: ${TARGET}\nvmProfile: { vmSize: Standard_D2s_v5 }\n`,
    );
    expect(body.customize).toEqual([
      { type: "Shell", inline: ["a"] },
      { type: "Shell", name: "snippets/s.yaml", inline: ["true"] },
      { type: "Shell", inline: ["b"] },
    ]);
  });

  it.each([
    ["none", "", undefined],
    ["one subnet", `subnetId: ${ids.subnet}`, { subnetId: ids.subnet, proxyVmSize: "Standard_A1_v2" }],
    [
      "one subnet with another proxy",
      `subnetId: ${ids.subnet}, proxyVmSize: Standard_D2s_v5`,
      { subnetId: ids.subnet, proxyVmSize: "Standard_D2s_v5" },
    ],
    [
      "two subnets",
      `subnetId: ${ids.subnet}, containerInstanceSubnetId: ${ids.network}/subnets/c`,
      { subnetId: ids.subnet, containerInstanceSubnetId: `${ids.network}/subnets/c` },
    ],
  ])("is the network of %s", async (_, network, vnetConfig) => {
    const vnet = network && `, vnetConfig: { ${network} }`;
    const body = await sent(`${LINUX}\ndistribute: ${TARGET}\nvmProfile: { vmSize: Standard_D2s_v5${vnet} }\n`);
    expect(body.vmProfile.vnetConfig).toEqual(vnetConfig);
  });
});
