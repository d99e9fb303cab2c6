import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { LARGEST_RECIPE } from "../../../../src/domain/recipes/written.ts";

const FILE = "aks-jumpbox.yaml";
const sample = readFileSync(join(import.meta.dirname, "..", "..", "..", "..", "images", FILE), "utf8");

type Change = (text: string) => string;
const change =
  (before: string | RegExp, after: string): Change =>
  (text) => {
    const changed = text.replace(before, after);
    if (changed === text) throw new Error(`The sample has no ${before}.`);
    return changed;
  };
const add =
  (line: string): Change =>
  (text) =>
    `${text}\n${line}\n`;

const toldOf = (text: string) => {
  const parsed = parseRecipe(FILE, text);
  return parsed.kind === "faulty" ? parsed.faults.map(faultText) : [];
};

/** Where a marker stands in a text, as faults tell of it. */
function placeOf(text: string, marker: string): string {
  const offset = text.lastIndexOf(marker);
  if (offset < 0) throw new Error(`There is no ${marker}.`);
  const before = text.slice(0, offset).split("\n");
  return `${FILE}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

type Row = [title: string, change: Change, at: string, told: string];

const UNKNOWN_WORDS: Row[] = [
  [
    "a field with a slip of the pen",
    change("location: west", "locaton: west"),
    "locaton",
    "locaton: is not a field here; did you mean location?",
  ],
  [
    "a field in another case",
    change("osDiskSizeGB", "osdiskSizeGb"),
    "osdiskSizeGb",
    "vmProfile.osdiskSizeGb: is written osDiskSizeGB",
  ],
  [
    "a field with underscores",
    change("osDiskSizeGB", "os_disk_size_gb"),
    "os_disk",
    "vmProfile.os_disk_size_gb: is not a field here; did you mean osDiskSizeGB?",
  ],
  [
    "a type in another case",
    change("type: PlatformImage", "type: platformimage"),
    "platformimage",
    "source.type: takes one of PlatformImage, ManagedImage, SharedImageVersion, Recipe, Vhd; did you mean PlatformImage?",
  ],
  [
    "a word of a list",
    change("Standard_LRS", "Standard_LSR"),
    "Standard_LSR",
    "distribute.targetRegions[0].storageAccountType: takes one of Standard_LRS, Standard_ZRS, Premium_LRS; did you mean Standard_LRS?",
  ],
  [
    "a field that is nothing like any other",
    change("publisher:", "zzz: 1\n  publisher:"),
    "zzz",
    "source.zzz: is not a field here; there are type, publisher, offer, sku, version, planInfo",
  ],
];

const WRONG_KINDS: Row[] = [
  [
    "a number in quotes",
    change("osDiskSizeGB: 64", 'osDiskSizeGB: "64"'),
    '"64"',
    "vmProfile.osDiskSizeGB: takes a number: write it without quotes",
  ],
  [
    "a number for text",
    change("version: latest", "version: 24.04"),
    "24.04",
    "source.version: takes text: put the value into quotes",
  ],
  [
    "text for a list",
    change(/inline:\n(      .*\n)+/, "inline: sudo apt-get update\n"),
    "sudo apt-get update\n\n",
    "customize[0].inline: takes a list",
  ],
  [
    "nothing where something ought to be",
    change(/location: .*/, "location: ~"),
    "~\n",
    "location: is empty, and takes text",
  ],
  [
    "a number that is too large",
    change("replicaCount: 1", "replicaCount: 101"),
    "101",
    "distribute.targetRegions[0].replicaCount: takes at most 100",
  ],
];

const NO_YAML: Row[] = [
  ["a name that stands twice", add("location: westeurope"), "location: westeurope", "location: stands there twice"],
  [
    "a tab",
    change("  osDiskSizeGB", "\tosDiskSizeGB"),
    "\tosDiskSizeGB",
    "vmProfile.vmSize: is indented by a tab; YAML takes blanks only",
  ],
  [
    "a second document",
    add("---\nname: other"),
    "---",
    "schedule.timeZone: is followed by another document; a file holds one recipe",
  ],
  [
    "a tag",
    change("name: aks", "name: !secret aks"),
    "!secret",
    "name: has a tag, which a recipe does not take; text that begins with ! goes into quotes",
  ],
  ["a name that is no text", add("[a, b]: c"), "[a, b]", "schedule.timeZone: has a name that is no text"],
  [
    "an older YAML",
    (text) => `%YAML 1.1\n---\n${text}`,
    "%YAML",
    "the recipe: is of YAML 1.1; a recipe is of YAML 1.2",
  ],
  [
    "aliases that multiply without end",
    add(bomb()),
    "*a, ".repeat(9),
    "b[0]: has aliases that stand for more than a recipe can hold",
  ],
  [
    "an alias for what it stands in",
    add("x: &x [*x]"),
    "*x",
    "x[0]: has aliases that stand for more than a recipe can hold",
  ],
  [
    "a character that turns the text round",
    change("name: aks", "name: \u202Eaks"),
    "\u202E",
    "the recipe: holds a character that cannot be seen, U+202E",
  ],
  ...["\u0085", "\u200B", "\u200D", "\u2028", "\u2060", "\u00AD", "\uFEFF", "\u{E0041}"].map((hidden): Row => [
    `a character that nobody sees: ${encodeURI(hidden)}`,
    change("name: aks", `name: ${hidden}aks`),
    hidden,
    `the recipe: holds a character that cannot be seen, U+${hidden.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`,
  ]),
  ["a file without anything", () => "", "", "the recipe: is empty, and takes fields of its own"],
  ["a list in place of a recipe", () => "- a", "", "the recipe: takes fields of its own"],
];

const ILLEGAL_NAMES: Row[] = [
  [
    "a gallery with a hyphen",
    change("galleries/goldsmith", "galleries/gold-smith"),
    "/resourceGroups/rg-images",
    "distribute.galleryImageId: names the gallery gold-smith; Azure takes 1 to 80 letters, digits, _ and . there, a letter or digit first and last",
  ],
  [
    "a definition that ends in a hyphen",
    change("images/aks-jumpbox", "images/aks-"),
    "/resourceGroups/rg-images",
    "distribute.galleryImageId: names the image definition aks-; Azure takes 1 to 80 letters, digits, _, - and . there, a letter or digit first and last",
  ],
  [
    "a virtual network of one letter",
    change("virtualNetworks/vnet-builds", "virtualNetworks/v"),
    "/resourceGroups/rg-network",
    "vmProfile.vnetConfig.subnetId: names the virtual network v; Azure takes 2 to 64 letters, digits, _, - and . there, a letter or digit first, and last one of these or _",
  ],
  [
    "a resource group that ends in a full stop",
    change("resourceGroups/rg-network", "resourceGroups/rg."),
    "/resourceGroups/rg.",
    "vmProfile.vnetConfig.subnetId: names the resource group rg.; Azure takes 1 to 90 letters, digits, _, -, ( and ) and . there, no . last",
  ],
  [
    "a resource group with an umlaut",
    change("resourceGroups/rg-network", "resourceGroups/rg-bücher"),
    "/resourceGroups/rg-b",
    "vmProfile.vnetConfig.subnetId: has letters or digits other than A to Z and 0 to 9: Azure takes them in a resource group's name, Goldsmith does not",
  ],
  [
    "a resource group with a blank",
    change("resourceGroups/rg-network", "resourceGroups/rg network"),
    "/resourceGroups/rg n",
    "vmProfile.vnetConfig.subnetId: is not the id of a Microsoft.Network/virtualNetworks/subnets; it may begin at /resourceGroups/",
  ],
  [
    "a tag's name with a slash",
    change("purpose: aks", "a/b: aks"),
    "aks-jumpbox\n\nbuildTimeout",
    "tags.a/b: its name takes 1 to 128 characters without < > % & \\ ? /",
  ],
  [
    "a region's display name",
    change("location: westeurope", "location: West Europe"),
    "West Europe",
    "location: takes a region's name: westeurope, not West Europe",
  ],
];

const MANAGED = "/resourceGroups/rg-images/providers/Microsoft.Compute/images/i";
const sourceVersion = (id: string) =>
  change(/^source:\n(  .*\n)+/m, `source: {type: SharedImageVersion, imageVersionId: ${id}}\n`);
const target = (fields: string) => change(/^distribute:\n(  .*\n)+/m, `distribute: ${fields}\n`);

/** What is Azure's word, and not a recipe's; and what fields ask of one another. */
const NOT_SO: Row[] = [
  [
    "a group for the build",
    add("stagingResourceGroup: x"),
    "stagingResourceGroup",
    "stagingResourceGroup: is not taken: each attempt of a build gets a group of its own, which is gone when it ends",
  ],
  ["an identity", add("identity: {}"), "identity:", "identity: is not taken: the builder is that of the recipe's zone"],
  [
    "a run that starts by itself",
    add("autoRun: {state: Enabled}"),
    "autoRun",
    "autoRun: is not taken: the service starts each run itself, once",
  ],
  [
    "a VHD as its target that says not where to",
    target("{type: VHD}"),
    "{type",
    "distribute.uri: is missing: without one the VHD would lie in image builder's staging account, and go with it when the build ends. Name a blob: https://account.blob.core.windows.net/container/name.vhd",
  ],
  [
    "a VHD that leaves its container",
    target("{type: VHD, uri: https://acc.blob.core.windows.net/vhds/../others/x.vhd}"),
    "https://acc",
    "distribute.uri: names a folder or a blob with more than letters, digits, _, - and . in it, or with . first",
  ],
  [
    "a VHD in a container that there cannot be",
    target("{type: VHD, uri: https://acc.blob.core.windows.net/v--hds/x.vhd}"),
    "https://acc",
    "distribute.uri: names a container that Azure has not: it takes 3 to 63 of a-z, 0-9 and single hyphens between",
  ],
  [
    "a VHD in another of Azure's clouds",
    target("{type: VHD, uri: https://acc.blob.core.usgovcloudapi.net/vhds/x.vhd}"),
    "https://acc",
    "distribute.uri: is in another of Azure's clouds: the service and its identities are of the public one, *.core.windows.net",
  ],
  [
    "a VHD among its targets that goes to no blob",
    target("[{type: VHD, uri: https://a.test/x.vhd}]"),
    "https://a.test",
    "distribute[0].uri: takes the URL of a blob that ends in .vhd: https://account.blob.core.windows.net/container/name.vhd",
  ],
  [
    "a source in a gallery that is shared directly",
    sourceVersion("/SharedGalleries/x/Images/a/Versions/latest"),
    "/SharedGalleries",
    "source.imageVersionId: is in a gallery that its owner shares directly, where access is the owner's to give: the service can neither check nor lease it; make a version of it in a gallery of the company's own, and name that",
  ],
  [
    "a source in a community gallery",
    sourceVersion(
      "/subscriptions/11111111-1111-1111-1111-111111111111/providers/Microsoft.Compute/locations/westeurope/communityGalleries/x/images/a/versions/1.0.0",
    ),
    "/subscriptions/1",
    "source.imageVersionId: is in a community gallery, from which image builder takes nothing; make a version of it in a gallery of the company's own, and name that",
  ],
  [
    "a managed image elsewhere",
    target(`{type: ManagedImage, imageId: ${MANAGED}, location: northeurope}`),
    "northeurope",
    "distribute.location: must be the recipe's own location, westeurope",
  ],
  [
    "two targets with one output",
    target(
      `[{type: ManagedImage, imageId: ${MANAGED}, runOutputName: a}, {type: ManagedImage, imageId: ${MANAGED}2, runOutputName: A}]`,
    ),
    "[{type",
    "distribute: has two targets with one runOutputName; give each its own",
  ],
  [
    "a fixed version that is counted",
    change("images/aks-jumpbox\n", "images/aks-jumpbox/versions/1.2.3\n"),
    "scheme:",
    "distribute.versioning: goes without a version in galleryImageId",
  ],
  ...[
    [
      "an exit code",
      "{type: PowerShell, inline: [x], validExitCodes: [2147483648]}",
      "validExitCodes[0]",
      "most 2147483647",
    ],
    [
      "an exit code below",
      "{type: PowerShell, inline: [x], validExitCodes: [-2147483649]}",
      "validExitCodes[0]",
      "least -2147483648",
    ],
    ["a limit of updates", "{type: WindowsUpdate, updateLimit: 2147483648}", "updateLimit", "most 2147483647"],
  ].map(([what, step = "", field, limit]): Row => [
    `${what} beyond 32 bits`,
    change("\ncustomize:\n", `\ncustomize:\n  - ${step}\n`),
    /-?214748364\d/.exec(step)?.[0] ?? "",
    `customize[0].${field}: takes at ${limit}`,
  ]),
  [
    "a major beyond 32 bits",
    change("major: 1", "major: 2147483648"),
    "2147483648",
    "distribute.versioning.major: takes at most 2147483647",
  ],
  [
    "a data disk of less than nothing",
    add("additionalDataDisks: [{sizeGB: -1}]"),
    "-1",
    "additionalDataDisks[0].sizeGB: takes at least 0",
  ],
  [
    "only the source validated, with nothing",
    add("validate: {sourceValidationOnly: true}"),
    "true",
    "validate.sourceValidationOnly: does nothing without inVMValidations, which are what the source is tried with",
  ],
  [
    "customizers where only the source is validated",
    add("validate: {sourceValidationOnly: true, inVMValidations: [{type: Shell, inline: [x]}]}"),
    "- type: Shell\n    name: updates",
    "customize: is never done where validate has sourceValidationOnly",
  ],
  [
    "Local System without elevation",
    change("  - type: Shell\n    name: updates\n", "  - type: PowerShell\n    runAsSystem: true\n"),
    "true",
    "customize[0].runAsSystem: takes runElevated: true beside it",
  ],
  [
    "a path that is not whole",
    change(/customize:\n/, 'customize:\n  - {type: File, sourceUri: "https://x.test/f", destination: tmp/f}\n'),
    "tmp/f",
    "customize[0].destination: takes a whole path",
  ],
  [
    "a span of time that is none",
    change(/customize:\n/, "customize:\n  - {type: WindowsRestart, restartTimeout: 5 minutes}\n"),
    "5 minutes",
    "customize[0].restartTimeout: takes a span of h, m and s: 5m",
  ],
];

const SECRETS: Row[] = [
  [
    "a password in a command",
    change("- az version", "- az login --user me --password hunter2-of-mine"),
    "hunter2-of-mine",
    "customize[1].inline[5]",
  ],
  [
    "one in single quotes, with a dollar",
    change("- az version", "- export DB_PASSWORD='$hunter2'"),
    "'$hunter2'",
    "customize[1].inline[5]",
  ],
  [
    "a token in a URI",
    change("- az version", '- curl "https://a.test/s?sv=1&sig=abcdefghij%3D"'),
    "abcdefghij",
    "customize[1].inline[5]",
  ],
  [
    "a private key",
    change("description: Jump", "description: -----BEGIN RSA PRIVATE KEY----- Jump"),
    "-----BEGIN",
    "description",
  ],
];

describe("a recipe with bad input", () => {
  it.each([...UNKNOWN_WORDS, ...WRONG_KINDS, ...NO_YAML, ...ILLEGAL_NAMES, ...NOT_SO])(
    "is refused with the place of %s",
    (_, edit, at, told) => {
      const text = edit(sample);
      expect(toldOf(text)).toContain(`${at ? placeOf(text, at) : `${FILE}:1:1`}: ${told}`);
    },
  );

  it.each(SECRETS)("is refused with the place of %s, which is not told", (_, edit, at, field) => {
    const text = edit(sample);
    const told = toldOf(text);
    expect(told).toEqual([expect.stringContaining(`${placeOf(text, at)}: ${field}: looks like a secret`)]);
    expect(told.join()).not.toContain(at);
  });

  it.each([
    ["of a variable", '- az login --password "$PASSWORD"'],
    ["of a command", "- TOKEN=$(az account get-access-token --query accessToken --output tsv)"],
    ["of PowerShell", "- $env:API_KEY = (Get-Content C:\\key.txt)"],
    ["of a placeholder", "- echo PASSWORD=<your password>"],
  ])("takes a secret that is only the name %s", (_, line) => {
    expect(toldOf(change("- az version", line)(sample))).toEqual([]);
  });

  it("is refused where it is nested without end", () => {
    expect(toldOf("[".repeat(5_000))).toEqual([
      expect.stringMatching(/^aks-jumpbox.yaml:1:\d+: .*: is nested too deeply$/),
    ]);
  });

  it("tells all of it at once, in the order of the file", () => {
    const text = change("osDiskSizeGB: 64", 'osDiskSizeGB: "64"')(change("sku: server", "sku: 1")(sample));
    expect(toldOf(text)).toEqual([
      expect.stringContaining("source.sku: takes text"),
      expect.stringContaining("vmProfile.osDiskSizeGB: takes a number"),
    ]);
  });

  it("is refused unread where it is too large", () => {
    const told = `${FILE}:1:1: the recipe: is larger than 256 KiB`;
    expect(toldOf(sample + "#".repeat(LARGEST_RECIPE))).toEqual([told]);
    expect(toldOf("#".repeat(10_000_000))).toEqual([told]);
  });
});

/** Three lists of lists: a thousand texts of one. */
function bomb(): string {
  return level("a", "x") + level("b", "*a") + level("c", "*b") + level("d", "*c");
}

function level(name: string, item: string): string {
  return `${name}: &${name} [${Array(10).fill(item).join(", ")}]\n`;
}
