import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planBuild } from "../../../../src/domain/plan.ts";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { plainSecretsIn } from "../../../../src/domain/recipes/plainSecrets.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { redact } from "../../../../src/domain/redaction.ts";
import { planContext, request } from "../../../support/plan.ts";

const TARGET =
  "{type: SharedImage, galleryImageId: /resourceGroups/rg-images/providers/Microsoft.Compute/galleries/g/images/d, targetRegions: [{name: westeurope}]}";
const identity = (name: string) =>
  `/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
const whole = (name: string) => `/subscriptions/${planContext.subscriptionId}${identity(name)}`;
const SHELL = "customize: [{type: Shell, inline: [a]}]";
const POWERSHELL = "customize: [{type: WindowsUpdate}, {type: PowerShell, inline: [a]}]";

interface Asked {
  identities?: string[];
  more?: string;
}

const text = (secrets: string, { identities = [identity("one")], more = SHELL }: Asked = {}) =>
  [
    "name: app",
    "description: d",
    "location: westeurope",
    "source: {type: PlatformImage, publisher: p, offer: o, sku: s}",
    `distribute: ${TARGET}`,
    `vmProfile: {vmSize: Standard_D2s_v5${identities.length > 0 ? `, userAssignedIdentities: ["${identities.join('", "')}"]` : ""}}`,
    `secrets: {${secrets}}`,
    more,
  ].join("\n");

function toldOf(...asked: Parameters<typeof text>): string[] {
  const parsed = parseRecipe("app.yaml", text(...asked));
  return parsed.kind === "faulty" ? parsed.faults.map(faultText) : [];
}

function planOf(...asked: Parameters<typeof text>) {
  const parsed = parseRecipe("app.yaml", text(...asked));
  if (parsed.kind === "faulty") throw new Error(parsed.faults.map(faultText).join("\n"));
  const zone = { ...planContext.zone, vmIdentities: [whole("one"), whole("two")] };
  return planBuild(request, parsed.recipe, { ...planContext, zone });
}

const TOKEN = "API_TOKEN: {vault: kv-builds, name: api-token}";
const VERSION = "4387e9f3d6e14c459867679a90fd0f79";
const both = [identity("one"), identity("two")];

const inlineOf = (step: unknown) => (step as { inline: string[] }).inline.join("\n");

describe("a recipe with secrets", () => {
  it.each<[string, string, string]>([
    [
      "a small letter in its name",
      "api_token: {vault: kv, name: n}",
      "7:22: secrets.api_token: its name takes 1 to 40",
    ],
    ["a name that leads elsewhere", "'../X': {vault: kv, name: n}", "secrets.../X: its name takes"],
    ["the name of a device", "NUL: {vault: kv, name: n}", "secrets.NUL: its name takes"],
    [
      "the name of a prototype",
      "__proto__: {vault: kv, name: n}",
      "secrets.__proto__: is a name that nothing can have",
    ],
    ["no vault", "A: {name: n}", "secrets.A.vault: is missing"],
    ["no name", "A: {vault: kv-builds}", "secrets.A.name: is missing"],
    ["a vault's URL", "A: {vault: 'https://kv.vault.azure.net', name: n}", "secrets.A.vault: takes a vault's name"],
    ["a vault that is too short", "A: {vault: kv, name: n}", "7:22: secrets.A.vault: takes a vault's name"],
    ["two hyphens in a vault", "A: {vault: kv--builds, name: n}", "secrets.A.vault: takes a vault's name"],
    ["commands for a name", "A: {vault: kv-builds, name: \"n'; id; '\"}", "secrets.A.name: takes a secret's name"],
    ["a path for a name", "A: {vault: kv-builds, name: n/../m}", "secrets.A.name: takes a secret's name"],
    [
      "a version in words",
      "A: {vault: kv-builds, name: n, version: latest}",
      "secrets.A.version: takes a version's 32",
    ],
    [
      "a value",
      "A: {vault: kv-builds, name: n, value: v}",
      "secrets.A.value: is not a field here; there are vault, name, version, identity",
    ],
    ["a text", "A: n", "secrets.A: takes fields of its own"],
    [
      "an identity that is none",
      "A: {vault: kv-builds, name: n, identity: id-one}",
      "secrets.A.identity: is not the id of a Microsoft.ManagedIdentity/userAssignedIdentities",
    ],
    [
      "another identity than the machine's",
      `A: {vault: kv-builds, name: n, identity: ${identity("three")}}`,
      "7:52: secrets.A.identity: must be one of vmProfile.userAssignedIdentities, written alike",
    ],
    [
      "more than there may be",
      Array.from({ length: 21 }, (_, at) => `A${at}: {vault: kv-builds, name: n}`).join(),
      "secrets: takes at most 20 secrets",
    ],
  ])("is told where it is of %s", (_, secrets, told) => {
    expect(toldOf(secrets)).toContainEqual(expect.stringContaining(told));
  });

  it.each<[string, Asked, string]>([
    [
      "no identity on the machine",
      { identities: [] },
      "7:10: secrets: need an identity that reads them on the build VM: name one in vmProfile.userAssignedIdentities",
    ],
    [
      "several identities, and none said",
      { identities: both },
      "7:22: secrets.API_TOKEN: needs an identity: the one of vmProfile.userAssignedIdentities that may read it",
    ],
    ["no step that reads them", { more: "" }, "7:10: secrets: are read by nothing"],
    ["only steps that read nothing", { more: "customize: [{type: WindowsUpdate}]" }, "secrets: are read by nothing"],
  ])("is broken with %s", (_, asked, told) => {
    expect(toldOf(TOKEN, asked)).toEqual([expect.stringContaining(told)]);
  });

  it("takes one of several identities, however it is written", () => {
    const secrets = TOKEN.replace("}", `, version: ${VERSION}, identity: ${identity("TWO")}}`);
    const [read] = planOf(secrets, { identities: both }).template.customize ?? [];
    expect(inlineOf(read)).toContain(`"identity":"${whole("two")}"`);
  });
});

it("is written as docs/recipes.md shows", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../../docs/recipes.md"), "utf8");
  const [, example = ""] = /^### Secrets$[^]*?^```yaml\n([^]*?)^```$/m.exec(page) ?? [];
  const others = text("").split("\n").slice(0, 5).join("\n");
  const parsed = parseRecipe("app.yaml", `${others}\n${example}`);
  expect(parsed).toMatchObject({ kind: "recipe", recipe: { secrets: { API_TOKEN: { name: "api-token" } } } });
});

describe("a plan with secrets", () => {
  it("reads them before the recipe's steps as the machine's one identity, and removes them after all", () => {
    const { template, vaults } = planOf(
      `${TOKEN}, OLD: {vault: KV-Builds, name: old, version: ${VERSION}}, OTHER: {vault: kv-others, name: n}`,
    );
    const [read, own, removal, ...rest] = template.customize ?? [];
    expect([read, own, removal, rest]).toMatchObject([
      { type: "Shell", name: "secrets" },
      { type: "Shell", inline: ["a"] },
      { type: "Shell", name: "remove-secrets" },
      [],
    ]);
    const reference = { file: "API_TOKEN", vault: "kv-builds", name: "api-token", identity: whole("one") };
    expect(inlineOf(read)).toContain(JSON.stringify(reference));
    expect(inlineOf(read)).toContain(`"name":"old","version":"${VERSION}"`);
    expect(vaults).toEqual(["kv-builds.vault.azure.net", "kv-others.vault.azure.net"]);
  });

  it("writes parameters before anything else, and uses PowerShell where the recipe does", () => {
    const parameters = "parameters: {debug: {type: boolean, description: d, default: true}}";
    const { template } = planOf(TOKEN, { more: `${POWERSHELL}\n${parameters}` });
    expect(template.customize).toMatchObject([
      { type: "PowerShell", name: "parameters" },
      { type: "PowerShell", name: "secrets" },
      { type: "WindowsUpdate" },
      { type: "PowerShell" },
      { type: "PowerShell", name: "remove-secrets" },
    ]);
  });

  it("lets another reference be another template, and the same one the same", () => {
    const hashOf = (secrets: string) => planOf(secrets, { identities: [identity("one")] }).templateHash;
    const others = [
      TOKEN.replace("api-token", "other"),
      TOKEN.replace("kv-builds", "kv-others"),
      TOKEN.replace("API", "APP"),
      TOKEN.replace("}", `, version: ${VERSION}}`),
    ];
    expect(hashOf(TOKEN)).toBe(hashOf(TOKEN.replace("}", `, identity: ${identity("one")}}`)));
    expect(new Set([TOKEN, ...others].map(hashOf)).size).toBe(5);
  });

  it("is refused where the zone does not let the identity onto its build VMs", () => {
    const parsed = parseRecipe("app.yaml", text(TOKEN));
    if (parsed.kind === "faulty") throw new Error(parsed.faults.map(faultText).join("\n"));
    expect(planBuild(request, parsed.recipe, planContext).findings).toMatchObject([
      { code: "outside-trust-zone", severity: "blocks", resource: whole("one") },
    ]);
  });

  it("has no step and no vault of its own where the recipe has none", () => {
    const plan = planOf("");
    expect(plan.template.customize).toEqual([{ type: "Shell", inline: ["a"] }]);
    expect(plan).not.toHaveProperty("vaults");
  });
});

const TELLING = `PASSWORD: {vault: kv-password, name: db-password}, SECRET_KEY: {vault: kv-secrets, name: token-, version: ${VERSION}}`;

describe.each([
  ["Linux", SHELL],
  ["Windows", POWERSHELL],
])("what the steps of secrets on %s say", (_, more) => {
  const { template } = planOf(TELLING, { more });

  it("looks like no secret: neither a scan of the template nor the log's redaction finds anything in it", () => {
    expect(plainSecretsIn(template)).toEqual([]);
    const said = (template.customize ?? []).flatMap((step) => ("inline" in step ? (step.inline ?? []) : []));
    expect(redact(said.join("\n"))).toBe(said.join("\n"));
    const logged = said.join("\n").replaceAll(/^/gm, "[a] PACKER OUT     azure-arm: + ");
    expect(redact(logged)).toBe(logged);
  });

  it("has nothing that packer's templates or deployments of Azure put something in place of", () => {
    const said = (template.customize ?? []).flatMap((step) => ("inline" in step ? (step.inline ?? []) : []));
    expect(said.join("\n")).not.toMatch(/\{\{|%\{/);
    expect(said.filter((one) => one.startsWith("["))).toEqual([]);
  });
});

describe("the steps of secrets on Windows", () => {
  const [read = "", removal = ""] = (planOf(TOKEN, { more: POWERSHELL }).template.customize ?? [])
    .filter(({ name }) => name?.includes("secrets"))
    .map(inlineOf);
  const placeOf = (part: string) => {
    expect(read).toContain(part);
    return read.indexOf(part);
  };

  it("close the folder to all but the system and administrators before anything is written there", () => {
    const closed = placeOf("icacls $folder /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F'");
    expect(placeOf("New-Item -ItemType Directory -Path $folder")).toBeLessThan(closed);
    expect(closed).toBeLessThan(placeOf("WriteAllBytes"));
  });

  it("ask for TLS 1.2, take no proxy to the metadata service, and follow no answer elsewhere", () => {
    placeOf("[Net.SecurityProtocolType]::Tls12");
    placeOf("if ($header -eq 'Metadata') { $request.Proxy = New-Object Net.WebProxy }");
    placeOf("$request.AllowAutoRedirect = $false");
  });

  it("overwrite what they remove in the folder that was written to", () => {
    const folder = String.raw`$folder = 'C:\ProgramData\Goldsmith\Secrets'`;
    expect([read, removal].filter((one) => one.startsWith(folder))).toHaveLength(2);
    expect(removal.indexOf("$stream.Write($zeros")).toBeLessThan(removal.indexOf("Remove-Item -LiteralPath $folder"));
    expect(removal).toContain("$stream.Write($zeros");
  });
});
