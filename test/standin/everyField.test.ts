/** Recipes that set every field there is, and the body that image builder's REST reference wants for each, by hand. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { builderIdentity, landscapeDisk } from "../../local/landscape.ts";
import { imageTemplates } from "../../src/azure/imageTemplates.ts";
import { planBuild } from "../../src/domain/plan.ts";
import { faultText } from "../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../src/domain/recipes/recipeFile.ts";
import { recipeSchema } from "../../src/domain/recipes/recipeSchema.ts";
import type { Recipe } from "../../src/domain/recipes/schema.ts";
import { besideFile } from "../support/besideFile.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids } from "../support/cloudTemplates.ts";
import { planContext, request } from "../support/plan.ts";
import { settings } from "../support/preflightGround.ts";
import { pathsIn, pathsSet } from "../support/schemaPaths.ts";

const SUM = "0123456789abcdef".repeat(4);
const IDENTITY = `${builderIdentity.id}-secrets`;
const MANAGED = `${ids.imageGroup}/providers/Microsoft.Compute/images`;
const OWN = { "goldsmith-build": request.buildId, "goldsmith-installation": "test" };

const WINDOWS = `
name: windows
description: Every field of Windows
location: westeurope
zone: default
source: { type: PlatformImage, publisher: p, offer: o, sku: s, version: 1.2.3, planInfo: { planPublisher: a, planProduct: b, planName: c } }
customize:
  - { type: PowerShell, name: one, inline: [dir, ls], runElevated: true, runAsSystem: true, validExitCodes: [0, 3010] }
  - { type: PowerShell, name: two, scriptUri: "https://x.test/a.ps1", sha256Checksum: "${SUM}" }
  - { type: File, name: three, sourceUri: "https://x.test/f", destination: 'C:\\f', sha256Checksum: "${SUM}" }
  - { type: WindowsRestart, name: four, restartCommand: shutdown /r, restartCheckCommand: echo up, restartTimeout: 10m }
  - { type: WindowsUpdate, name: five, searchCriteria: IsInstalled=0, filters: ["include:$true"], updateLimit: 20 }
optimize: { vmBoot: { state: Enabled }, workload: { state: Enabled, scriptUri: "https://x.test/w.ps1", sha256Checksum: "${SUM}" } }
validate:
  continueDistributeOnFailure: true
  sourceValidationOnly: false
  inVMValidations:
    - { type: PowerShell, name: v, inline: [dir], runElevated: true, runAsSystem: true, validExitCodes: [1] }
    - { type: PowerShell, scriptUri: "https://x.test/v.ps1", sha256Checksum: "${SUM}" }
    - { type: File, name: w, sourceUri: "https://x.test/v", destination: 'C:\\v', sha256Checksum: "${SUM}" }
distribute:
  - type: SharedImage
    runOutputName: first
    galleryImageId: ${ids.definition}
    targetRegions: [{ name: westeurope, replicaCount: 2, storageAccountType: Premium_LRS }]
    versioning: { scheme: Source }
    excludeFromLatest: true
    replicationMode: Shallow
    artifactTags: { kind: version }
  - { type: ManagedImage, imageId: ${MANAGED}/full, location: westeurope, runOutputName: spare, artifactTags: { kind: image } }
  - { type: VHD, uri: "https://stgoldsmithdisks.blob.core.windows.net/vhds/full.vhd", runOutputName: disk, artifactTags: { kind: disk } }
vmProfile:
  vmSize: Standard_D2s_v5
  osDiskSizeGB: 200
  userAssignedIdentities: ["${IDENTITY}"]
  vnetConfig: { subnetId: ${ids.subnet}, proxyVmSize: Standard_D2s_v5 }
additionalDataDisks: [{ sizeGB: 10 }, { sizeGB: 20 }]
buildTimeoutInMinutes: 100
errorHandling: { onCustomizerError: abort, onValidationError: cleanup }
managedResourceTags: { made: here }
egress: [{ name: x.test, ports: [443] }]
accept: [{ code: script-unpinned, reason: a test }]
notSecret: [{ text: token=unused, reason: a test }]
tags: { cost: "1" }
schedule:
  cron: 0 2 * * *
  maximumAge: 30d
  timeZone: Europe/Berlin
  condition: when-older-than
  olderThan: 7d
  coolDown: 3d
  blackouts: [{ from: 2026-12-20, to: 2027-01-03, reason: a test }]
  jitter: 10m
  missed: skip
  pauseAfter: 5
approval: { before: build, expires: 2d }
notify: [{ url: "https://tickets.example.com/hooks", events: [finished] }]
`;

const LINUX = `
name: linux
description: Every field of Linux
location: westeurope
source: { recipe: base }
follow: { coolDown: 3d }
parameters:
  count: { type: integer, description: d, default: 3, allowed: [3, 4] }
  debug: { type: boolean, description: d, default: false }
  of: { type: string, description: d, default: ab, allowed: [ab, ac], pattern: a. }
customize:
  - { type: Shell, name: one, inline: ["true"] }
  - { type: Shell, scriptUri: "https://x.test/a.sh", sha256Checksum: "${SUM}" }
  - include: snippets/s.yaml
validate:
  inVMValidations:
    - { type: Shell, name: v, inline: ["true"] }
    - { type: Shell, scriptUri: "https://x.test/v.sh", sha256Checksum: "${SUM}" }
distribute:
  type: SharedImage
  galleryImageId: ${ids.definition}
  targetRegions: [{ name: westeurope }]
  versioning: { scheme: Latest, major: 3 }
vmProfile:
  vmSize: Standard_D2s_v5
  vnetConfig: { subnetId: ${ids.subnet}, containerInstanceSubnetId: ${ids.network}/subnets/c }
`;

const BASE = `
name: base
description: What the other is built on
location: westeurope
source: { type: ManagedImage, imageId: ${MANAGED}/imported }
distribute: { type: SharedImage, galleryImageId: ${ids.definition}-base, targetRegions: [{ name: westeurope }] }
vmProfile: { vmSize: Standard_D2s_v5 }
schedule: { at: patch-tuesday + 2d 03:00, blackouts: [{ weekly: "Fri 18:00 - Mon 06:00", reason: a test }] }
`;

const BESIDE = `
name: beside
description: What recipes alone have
location: westeurope
source: { vhd: "${landscapeDisk.url}", osType: Linux, hyperVGeneration: V2, keepImage: true }
secrets:
  API_TOKEN: { vault: Kv-Builds, name: api-token, version: 0123456789abcdef0123456789abcdef, identity: "${IDENTITY}" }
customize:
  - { type: Shell, scriptUri: "https://x.test/a.sh", unchecked: true }
  - { type: Shell, name: one, script: scripts/a.sh }
  - { type: PowerShell, scriptUri: "https://x.test/a.ps1", unchecked: true }
  - { type: PowerShell, script: scripts/a.ps1, runElevated: true }
  - { type: File, sourceUri: "https://x.test/f", destination: /tmp/f, unchecked: true }
  - { type: File, name: two, file: files/f, destination: /tmp/g }
optimize: { workload: { state: Enabled, scriptUri: "https://x.test/w.ps1", unchecked: true } }
validate:
  inVMValidations:
    - { type: Shell, scriptUri: "https://x.test/v.sh", unchecked: true }
    - { type: Shell, script: scripts/v.sh }
    - { type: PowerShell, scriptUri: "https://x.test/v.ps1", unchecked: true }
    - { type: PowerShell, script: scripts/v.ps1 }
    - { type: File, sourceUri: "https://x.test/v", destination: /tmp/v, unchecked: true }
    - { type: File, file: files/v, destination: 'C:\\v' }
distribute: { type: SharedImage, galleryImageId: ${ids.definition}, targetRegions: [{ name: westeurope }] }
vmProfile: { vmSize: Standard_D2s_v5, userAssignedIdentities: ["${IDENTITY}", "${IDENTITY}-too"] }
`;

const ON_VERSION = BASE.replace(
  /source: .*/,
  `source: { type: SharedImageVersion, imageVersionId: ${ids.definition}/versions/1.2.3 }`,
);

/** What the build VM is told of a secret. */
const SECRET = `'[{"file":"API_TOKEN","vault":"kv-builds","name":"api-token","version":"0123456789abcdef0123456789abcdef","identity":"${IDENTITY}"}]'`;

/** Of each file that lies beside the recipe. */
const TEXT = "#!/bin/sh\necho one\n";
const TEXT_SUM = createHash("sha256").update(TEXT).digest("hex");
const BASE_64 = Buffer.from(TEXT).toString("base64");
const SCRIPT = [
  `cat > /tmp/goldsmith-${TEXT_SUM.slice(0, 12)} << 'GOLDSMITH-${TEXT_SUM.slice(0, 12)}'\n${TEXT}GOLDSMITH-${TEXT_SUM.slice(0, 12)}`,
  `echo '${TEXT_SUM}  /tmp/goldsmith-${TEXT_SUM.slice(0, 12)}' | sha256sum --check --quiet`,
  `chmod 0700 /tmp/goldsmith-${TEXT_SUM.slice(0, 12)}`,
  `/tmp/goldsmith-${TEXT_SUM.slice(0, 12)}`,
  `rm /tmp/goldsmith-${TEXT_SUM.slice(0, 12)}`,
];
const SAVED = String.raw`'C:\Windows\Temp\goldsmith-${TEXT_SUM.slice(0, 12)}.ps1'`;
const POWERSHELL_SCRIPT = [
  `[IO.File]::WriteAllText(${SAVED}, @'\n${TEXT}\n'@)`,
  `if ((Get-FileHash -Algorithm SHA256 -LiteralPath ${SAVED}).Hash -ne '${TEXT_SUM}') { throw 'The file is not what the recipe has.' }`,
  `& ${SAVED}`,
  "$code = $LASTEXITCODE",
  `Remove-Item -LiteralPath ${SAVED}`,
  "exit $code",
];

function parsed(text: string): Recipe {
  const result = parseRecipe(`${/name: (\w+)/.exec(text)?.[1] ?? ""}.yaml`, text, {
    readBeside: (path) =>
      besideFile(path.endsWith(".yaml") ? '- { type: Shell, name: included, inline: ["false"] }' : TEXT),
  });
  if (result.kind === "faulty") throw new Error(result.faults.map(faultText).join("\n"));
  return result.recipe;
}

describe("a recipe with every field", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  /** The body of the PUT, as it goes over the wire; the local Azure has taken it. */
  async function bodyOf(text: string): Promise<unknown> {
    const bodies: unknown[] = [];
    const { pipeline } = cloud.service.imageBuilder;
    pipeline.addPolicy({
      name: "wiretap",
      sendRequest: (sent, next) => {
        if (sent.method === "PUT" && typeof sent.body === "string") bodies.push(JSON.parse(sent.body));
        return next(sent);
      },
    });
    try {
      const [zone = planContext.zone] = settings.zones.values();
      const recipes = new Map([["base", parsed(BASE)]]);
      const { template } = planBuild(request, parsed(text), { ...planContext, ...settings, zone, recipes });
      await imageTemplates(cloud.service.imageBuilder, settings).create("t", template);
    } finally {
      pipeline.removePolicy({ name: "wiretap" });
    }
    expect(bodies).toHaveLength(1);
    return bodies[0];
  }

  it("is written here: what the schema has and none of these sets fails", () => {
    const set = new Set([WINDOWS, LINUX, BASE, ON_VERSION, BESIDE].flatMap((text) => pathsSet(parse(text))));
    const [written] = recipeSchema().anyOf;
    const fields = pathsIn(written);
    expect(fields).toContain(".customize<WindowsUpdate>.updateLimit");
    expect(fields.filter((field) => !set.has(field))).toEqual([]);
  });

  it("of Windows reaches image builder in these words, and in no others", async () => {
    expect(await bodyOf(WINDOWS)).toEqual({
      location: "westeurope",
      tags: { cost: "1", ...OWN },
      identity: { type: "UserAssigned", userAssignedIdentities: { [builderIdentity.id]: {} } },
      properties: {
        source: {
          type: "PlatformImage",
          publisher: "p",
          offer: "o",
          sku: "s",
          version: "1.2.3",
          planInfo: { planPublisher: "a", planProduct: "b", planName: "c" },
        },
        customize: [
          {
            type: "PowerShell",
            name: "one",
            inline: ["dir", "ls"],
            runElevated: true,
            runAsSystem: true,
            validExitCodes: [0, 3010],
          },
          { type: "PowerShell", name: "two", scriptUri: "https://x.test/a.ps1", sha256Checksum: SUM },
          { type: "File", name: "three", sourceUri: "https://x.test/f", destination: "C:\\f", sha256Checksum: SUM },
          {
            type: "WindowsRestart",
            name: "four",
            restartCommand: "shutdown /r",
            restartCheckCommand: "echo up",
            restartTimeout: "10m",
          },
          {
            type: "WindowsUpdate",
            name: "five",
            searchCriteria: "IsInstalled=0",
            filters: ["include:$true"],
            updateLimit: 20,
          },
        ],
        optimize: {
          vmBoot: { state: "Enabled" },
          workload: { state: "Enabled", scriptUri: "https://x.test/w.ps1", sha256Checksum: SUM },
        },
        validate: {
          continueDistributeOnFailure: true,
          sourceValidationOnly: false,
          inVMValidations: [
            {
              type: "PowerShell",
              name: "v",
              inline: ["dir"],
              runElevated: true,
              runAsSystem: true,
              validExitCodes: [1],
            },
            { type: "PowerShell", scriptUri: "https://x.test/v.ps1", sha256Checksum: SUM },
            { type: "File", name: "w", sourceUri: "https://x.test/v", destination: "C:\\v", sha256Checksum: SUM },
          ],
        },
        distribute: [
          {
            type: "SharedImage",
            runOutputName: "first",
            galleryImageId: ids.definition,
            targetRegions: [{ name: "westeurope", replicaCount: 2, storageAccountType: "Premium_LRS" }],
            versioning: { scheme: "Source" },
            excludeFromLatest: true,
            replicationMode: "Shallow",
            artifactTags: { cost: "1", kind: "version", ...OWN },
          },
          {
            type: "ManagedImage",
            runOutputName: "spare",
            imageId: `${MANAGED}/full`,
            location: "westeurope",
            artifactTags: { cost: "1", kind: "image", ...OWN },
          },
          {
            type: "VHD",
            runOutputName: "disk",
            uri: "https://stgoldsmithdisks.blob.core.windows.net/vhds/full.vhd",
            artifactTags: { cost: "1", kind: "disk", ...OWN },
          },
        ],
        errorHandling: { onCustomizerError: "abort", onValidationError: "cleanup" },
        vmProfile: {
          vmSize: "Standard_D2s_v5",
          osDiskSizeGB: 200,
          userAssignedIdentities: [IDENTITY],
          vnetConfig: { subnetId: ids.subnet, proxyVmSize: "Standard_D2s_v5" },
        },
        additionalDataDisks: [{ sizeGB: 10 }, { sizeGB: 20 }],
        buildTimeoutInMinutes: 100,
        managedResourceTags: { cost: "1", made: "here", ...OWN },
      },
    });
  });

  it("of Linux, too", async () => {
    const data = Buffer.from('{"count":3,"debug":false,"of":"ab"}').toString("base64");
    expect(await bodyOf(LINUX)).toEqual({
      location: "westeurope",
      tags: OWN,
      identity: { type: "UserAssigned", userAssignedIdentities: { [builderIdentity.id]: {} } },
      properties: {
        source: { type: "SharedImageVersion", imageVersionId: `${ids.definition}-base/versions/latest` },
        customize: [
          {
            type: "Shell",
            name: "parameters",
            inline: [
              "sudo install -d -m 0755 /var/lib/goldsmith",
              `echo ${data} | base64 -d | sudo tee /var/lib/goldsmith/parameters.json > /dev/null`,
              "sudo chmod 0644 /var/lib/goldsmith/parameters.json",
            ],
          },
          { type: "Shell", name: "one", inline: ["true"] },
          { type: "Shell", scriptUri: "https://x.test/a.sh", sha256Checksum: SUM },
          { type: "Shell", name: "included", inline: ["false"] },
        ],
        validate: {
          inVMValidations: [
            { type: "Shell", name: "v", inline: ["true"] },
            { type: "Shell", scriptUri: "https://x.test/v.sh", sha256Checksum: SUM },
          ],
        },
        distribute: [
          {
            type: "SharedImage",
            runOutputName: "gallery",
            galleryImageId: ids.definition,
            targetRegions: [{ name: "westeurope", replicaCount: 1, storageAccountType: "Standard_LRS" }],
            versioning: { scheme: "Latest", major: 3 },
            excludeFromLatest: false,
            artifactTags: OWN,
          },
        ],
        vmProfile: {
          vmSize: "Standard_D2s_v5",
          osDiskSizeGB: 0,
          vnetConfig: { subnetId: ids.subnet, containerInstanceSubnetId: `${ids.network}/subnets/c` },
        },
        buildTimeoutInMinutes: 240,
        managedResourceTags: OWN,
      },
    });
  });

  it("that lies beside the recipe, may change, or is a VHD is sent as image builder has it", async () => {
    const body = (await bodyOf(BESIDE)) as { properties: Record<string, unknown> };
    expect(body.properties).toMatchObject({
      source: {
        type: "ManagedImage",
        imageId: `${ids.templateGroup}/providers/Microsoft.Compute/images/${request.buildId}-source`,
      },
      optimize: { workload: { state: "Enabled", scriptUri: "https://x.test/w.ps1" } },
    });
    expect(body.properties["customize"]).toEqual([
      { type: "Shell", name: "secrets", inline: expect.arrayContaining([expect.stringContaining(SECRET)]) },
      { type: "Shell", scriptUri: "https://x.test/a.sh" },
      { type: "Shell", name: "one", inline: SCRIPT },
      { type: "PowerShell", scriptUri: "https://x.test/a.ps1" },
      { type: "PowerShell", runElevated: true, inline: POWERSHELL_SCRIPT },
      { type: "File", sourceUri: "https://x.test/f", destination: "/tmp/f" },
      {
        type: "Shell",
        name: "two",
        inline: [`echo ${BASE_64} | base64 --decode > '/tmp/g'`, `test "$(sha256sum < '/tmp/g')" = '${TEXT_SUM}  -'`],
      },
      { type: "Shell", name: "remove-secrets", inline: ["sudo rm -rf /run/goldsmith"] },
    ]);
    expect(body.properties["validate"]).toEqual({
      inVMValidations: [
        { type: "Shell", scriptUri: "https://x.test/v.sh" },
        { type: "Shell", inline: SCRIPT },
        { type: "PowerShell", scriptUri: "https://x.test/v.ps1" },
        { type: "PowerShell", inline: POWERSHELL_SCRIPT },
        { type: "File", sourceUri: "https://x.test/v", destination: "/tmp/v" },
        {
          type: "PowerShell",
          inline: [
            `[IO.File]::WriteAllBytes('C:\\v', [Convert]::FromBase64String('${BASE_64}'))`,
            `if ((Get-FileHash -Algorithm SHA256 -LiteralPath 'C:\\v').Hash -ne '${TEXT_SUM}') { throw 'The file is not what the recipe has.' }`,
          ],
        },
      ],
    });
    expect(JSON.stringify(body)).not.toMatch(/unchecked|keepImage|"script"|"file"/);
  });

  it.each([
    ["a managed image", BASE, { type: "ManagedImage", imageId: `${MANAGED}/imported` }],
    [
      "a version in a gallery",
      ON_VERSION,
      { type: "SharedImageVersion", imageVersionId: `${ids.definition}/versions/1.2.3` },
    ],
  ])("that is built on %s says so", async (_, text, source) => {
    expect(await bodyOf(text)).toHaveProperty("properties.source", source);
  });
});
