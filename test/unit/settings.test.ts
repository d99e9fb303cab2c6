import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { landscapeSettings } from "../../local/landscape.ts";
import { readSettings } from "../../src/settings.ts";

const root = join(import.meta.dirname, "..", "..");
const sample = (
  parse(readFileSync(join(root, "local.settings.sample.json"), "utf8")) as { Values: Record<string, string> }
).Values;
const keys = (...entries: object[]) => ({ ...sample, GOLDSMITH_API_KEYS: JSON.stringify(entries) });

describe("readSettings", () => {
  it("takes the sample settings", () => {
    expect(readSettings(sample).templateResourceGroup).toBe("rg-goldsmith-templates");
  });

  it("names every setting that is missing at once", () => {
    expect(() => readSettings({})).toThrow(/AZURE_SUBSCRIPTION_ID[^]*GOLDSMITH_TRUST_ZONES[^]*GOLDSMITH_ARCHIVE/);
  });

  it("does not repeat a wrong value, which may be a secret put in the wrong place", () => {
    const wrong = { ...sample, AZURE_SUBSCRIPTION_ID: "hunter2", GOLDSMITH_TRUST_ZONES: '{"hunter2"' };
    expect(() => readSettings(wrong)).toThrow(/^(?![^]*hunter2)/);
  });

  it("takes no two trust zones with one builder, which would use each other's access", () => {
    type Zones = Record<string, { builder: { identityId: string; principalId: string } }>;
    const { default: zone } = JSON.parse(landscapeSettings.GOLDSMITH_TRUST_ZONES) as Zones;
    const builder = zone?.builder;
    for (const same of [
      builder,
      { ...builder, identityId: `${builder?.identityId}-2`, principalId: builder?.principalId.toUpperCase() },
      { ...builder, principalId: "00000000-0000-4000-8000-000000000009" },
    ]) {
      const zones = JSON.stringify({ one: zone, two: { ...zone, builder: same } });
      expect(() => readSettings({ ...sample, GOLDSMITH_TRUST_ZONES: zones })).toThrow(/the same builder/);
    }
  });

  it.each(["", "{", "{}{}", '{"default": {}}', '{"Bad Name": {}}'])(
    "takes no trust zones that are written %s",
    (zones) => {
      expect(() => readSettings({ ...sample, GOLDSMITH_TRUST_ZONES: zones })).toThrow(/GOLDSMITH_TRUST_ZONES/);
    },
  );

  it("keeps raw logs out of the archive's own container, where everything stays", () => {
    const inArchive = { ...sample, GOLDSMITH_RAW_LOG_CONTAINER: "archive" };
    expect(() => readSettings(inArchive)).toThrow(/GOLDSMITH_RAW_LOG_CONTAINER/);
    const apart = readSettings({ ...sample, GOLDSMITH_RAW_LOG_CONTAINER: "rawlogs" });
    expect(apart.rawLogContainer).toBe("rawlogs");
  });

  it.each(["recipes", "https://strecipes.blob.core.windows.net/recipes"])("takes %s as where recipes are", (place) => {
    expect(readSettings({ ...sample, GOLDSMITH_RECIPE_CONTAINER: place }).recipeContainer).toBe(place);
  });

  it.each([
    "archive",
    "Recipes",
    "https://st.blob.core.windows.net",
    "https://st.blob.core.windows.net/recipes?sv=1&sig=hunter2",
    "https://me:hunter2@st.blob.core.windows.net/recipes",
    "http://st.blob.core.windows.net/recipes",
  ])("does not take %s as where recipes are", (place) => {
    const read = () => readSettings({ ...sample, GOLDSMITH_RECIPE_CONTAINER: place });
    expect(read).toThrow(/^(?![^]*hunter2)[^]*GOLDSMITH_RECIPE_CONTAINER/);
  });

  it("takes the id of a container that builds do not write to as where scripts are put, or none", () => {
    const { GOLDSMITH_SCRIPT_CONTAINER: id = "" } = sample;
    expect(readSettings(sample).scriptContainer).toBe(id);
    expect(readSettings({ ...sample, GOLDSMITH_SCRIPT_CONTAINER: "" }).scriptContainer).toBeUndefined();
    for (const wrong of ["scripts", id.split("/blobServices")[0], `${id}/blobs/x`]) {
      expect(() => readSettings({ ...sample, GOLDSMITH_SCRIPT_CONTAINER: wrong })).toThrow(
        /GOLDSMITH_SCRIPT_CONTAINER/,
      );
    }
    const zones = JSON.parse(landscapeSettings.GOLDSMITH_TRUST_ZONES) as { default: { destinations: string[] } };
    zones.default.destinations.push(id.toUpperCase());
    const written = { ...sample, GOLDSMITH_TRUST_ZONES: JSON.stringify(zones) };
    expect(() => readSettings(written)).toThrow(/GOLDSMITH_SCRIPT_CONTAINER: is one that builds write VHDs to/);
  });

  it("takes the name of an environment, or none", () => {
    expect(readSettings(sample).environment).toBeUndefined();
    expect(readSettings({ ...sample, GOLDSMITH_ENVIRONMENT: "test" }).environment).toBe("test");
    expect(() => readSettings({ ...sample, GOLDSMITH_ENVIRONMENT: "../x" })).toThrow(/GOLDSMITH_ENVIRONMENT/);
  });

  it("needs to know its own client id, by which Azure names who made a template", () => {
    expect(() => readSettings({ ...sample, AZURE_CLIENT_ID: undefined })).toThrow(/AZURE_CLIENT_ID/);
    const former = "0b9f5a4e-6f0b-4d5f-9d3c-5a1f0c7e9b42";
    const { servicePrincipals } = readSettings({ ...sample, GOLDSMITH_FORMER_PRINCIPAL_IDS: former });
    expect(servicePrincipals).toEqual([sample.GOLDSMITH_SERVICE_PRINCIPAL_ID, sample.AZURE_CLIENT_ID, former]);
  });

  it("signs in to Azure over HTTPS only", () => {
    expect(() => readSettings({ ...sample, GOLDSMITH_ARM_ENDPOINT: "http://localhost:8443" })).toThrow(
      /GOLDSMITH_ARM_ENDPOINT/,
    );
  });
});

describe("who may come in", () => {
  const hash = "a".repeat(64);

  it("has to sign in unless it is said otherwise, and nobody may where nothing is set", () => {
    expect(readSettings(sample).authentication).toMatchObject({ kind: "required" });
    const { GOLDSMITH_AUTHENTICATION: _, ...rest } = sample;
    const none = { ...rest, GOLDSMITH_ENTRA_TENANT_ID: "", GOLDSMITH_ENTRA_AUDIENCES: "" };
    expect(readSettings(none).authentication).toEqual({ kind: "required", keys: [] });
  });

  it.each(["WEBSITE_INSTANCE_ID", "WEBSITE_SITE_NAME", "WEBSITE_POD_NAME", "CONTAINER_APP_NAME"])(
    "is everybody on a developer's machine only, not where the platform sets %s",
    (name) => {
      const open = { ...sample, GOLDSMITH_AUTHENTICATION: "open" };
      expect(readSettings(open).authentication).toEqual({ kind: "open" });
      const onAzure = { ...open, [name]: "x", AZURE_FUNCTIONS_ENVIRONMENT: "Development" };
      expect(() => readSettings(onAzure)).toThrow(/GOLDSMITH_AUTHENTICATION: open/);
    },
  );

  it("is the same tenant in capitals", () => {
    const capitals = { ...sample, GOLDSMITH_ENTRA_TENANT_ID: "7A3C5D10-0B52-4C11-9C37-2F1D1C6A9E01" };
    expect(readSettings(capitals).authentication).toMatchObject({
      entra: { tenantId: "7a3c5d10-0b52-4c11-9c37-2f1d1c6a9e01" },
    });
  });

  it("is a tenant's people only with what their tokens are for", () => {
    expect(() => readSettings({ ...sample, GOLDSMITH_ENTRA_AUDIENCES: "" })).toThrow(/GOLDSMITH_ENTRA_AUDIENCES/);
    expect(() => readSettings({ ...sample, GOLDSMITH_ENTRA_TENANT_ID: "" })).toThrow(/GOLDSMITH_ENTRA_AUDIENCES/);
  });

  it.each(["http://login.microsoftonline.com", "https://login.microsoftonline.com/common", "hunter2"])(
    "is not told by whoever signs at %s",
    (authority) => {
      const wrong = { ...sample, GOLDSMITH_ENTRA_AUTHORITY: authority };
      expect(() => readSettings(wrong)).toThrow(/^(?![^]*hunter2)[^]*GOLDSMITH_ENTRA_AUTHORITY/);
    },
  );

  it("is who has a key, which never approves", () => {
    const key = { name: "robot", sha256: hash, roles: ["Builder"], images: ["web-*"] };
    expect(readSettings(keys(key)).authentication).toMatchObject({ keys: [key] });
    expect(() => readSettings(keys({ ...key, roles: ["Builder", "Approver"] }))).toThrow(/no key approves/);
  });

  it.each<[string, object]>([
    ["the key itself", { name: "robot", key: "gsk_hunter2", roles: ["Builder"] }],
    ["no hash of SHA-256", { name: "robot", sha256: "hunter2", roles: ["Builder"] }],
    ["no role", { name: "robot", sha256: hash, roles: [] }],
    ["an image that there cannot be", { name: "robot", sha256: hash, roles: ["Reader"], images: ["hunter2 *"] }],
  ])("is not who has a key whose entry has %s", (_, entry) => {
    expect(() => readSettings(keys(entry))).toThrow(/^(?![^]*hunter2)[^]*GOLDSMITH_API_KEYS/);
  });

  it("is a page of the service's own host, and those that are told", () => {
    const told = { ...sample, GOLDSMITH_ALLOWED_ORIGINS: "https://portal.example.com" };
    const onAzure = { ...told, WEBSITE_HOSTNAME: "func.azurewebsites.net" };
    expect(readSettings(onAzure).allowedOrigins).toEqual([
      "https://func.azurewebsites.net",
      "https://portal.example.com",
    ]);
    const local = { ...sample, WEBSITE_HOSTNAME: "127.0.0.1:7071" };
    expect(readSettings(local).allowedOrigins).toEqual(["http://localhost:7071", "http://127.0.0.1:7071"]);
    const path = { ...sample, GOLDSMITH_ALLOWED_ORIGINS: "https://portal.example.com/" };
    expect(() => readSettings(path)).toThrow(/GOLDSMITH_ALLOWED_ORIGINS/);
  });
});

describe("the targets of callbacks", () => {
  const target = { origin: "https://tickets.example.com", secretNames: ["A"] };
  const GOLDSMITH_CALLBACK_SECRET_A = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
  const read = (targets: object[], more: Record<string, string> = { GOLDSMITH_CALLBACK_SECRET_A }) =>
    readSettings({ ...sample, GOLDSMITH_CALLBACK_TARGETS: JSON.stringify(targets), ...more });

  it("have keys in settings of their own", () => {
    expect(read([target]).callbackSecrets.get("A")).toBe(GOLDSMITH_CALLBACK_SECRET_A);
  });

  it.each(["", "hunter2", "@Microsoft.KeyVault(SecretUri=https://hunter2.vault.azure.net/secrets/a)"])(
    "are not taken with the key '%s', which is not repeated",
    (key) => {
      const wrong = { GOLDSMITH_CALLBACK_SECRET_A: key };
      expect(() => read([target], wrong)).toThrow(/^(?![^]*hunter2)[^]*GOLDSMITH_CALLBACK_SECRET_A/);
    },
  );

  it("are on this machine for development only, and never in Azure", () => {
    const own = { ...target, origin: "http://127.0.0.1:7777", development: true };
    expect(read([own]).callbackTargets).toMatchObject([{ development: true }]);
    for (const name of ["WEBSITE_SITE_NAME", "CONTAINER_APP_NAME"]) {
      const inAzure = { GOLDSMITH_CALLBACK_SECRET_A, GOLDSMITH_AUTHENTICATION: "required", [name]: "func-goldsmith" };
      expect(() => read([own], inAzure)).toThrow(/target for development/);
    }
  });
});

describe("local.settings.sample.json", () => {
  it("names the landscape that the local Azure starts with", () => {
    expect(sample).toMatchObject(landscapeSettings);
  });

  it("holds every setting of ours that the code reads", () => {
    const code = readFileSync(join(root, "src", "settings.ts"), "utf8");
    const read = [...code.matchAll(/^ {2}((?:AZURE|GOLDSMITH)_\w+):/gm)].map(([, name]) => name);
    expect(read.length).toBeGreaterThan(8);
    // In Azure instead of GOLDSMITH_ARCHIVE, as the sample's own comment says.
    const instead = ["GOLDSMITH_ARCHIVE__blobServiceUri"];
    expect(Object.keys(sample)).toEqual(expect.arrayContaining(read.filter((name) => !instead.includes(name ?? ""))));
  });
});

describe("hooks", () => {
  const map = { image: { value: "aks-jumpbox" } };
  const read = (hook: object, secret: string) =>
    readSettings({
      ...sample,
      GOLDSMITH_HOOKS: JSON.stringify({ jira: { secretNames: ["J"], images: ["*"], map, ...hook } }),
      GOLDSMITH_HOOK_SECRET_J: secret,
    });
  const standard = { signature: { kind: "standard-webhooks" } };
  const own = { signature: { kind: "hmac-sha256", header: "X-Hub-Signature", prefix: "sha256=" } };

  it("have keys in settings of their own, in the form of their signature", () => {
    const bytes = Buffer.alloc(32, 1);
    expect(read(standard, `whsec_${bytes.toString("base64")}`).hooks.get("jira")?.secrets).toEqual([bytes]);
    expect(read(own, "a text of 24 characters!").hooks.get("jira")?.secrets).toEqual([
      Buffer.from("a text of 24 characters!"),
    ]);
  });

  it.each([
    ["", own],
    ["hunter2", own],
    ["@Microsoft.KeyVault(SecretUri=https://hunter2.vault.azure.net/secrets/a)", own],
    ["hunter2 in a text of 24 characters", standard],
  ])("are not taken with the key '%s', which is not repeated", (key, hook) => {
    expect(() => read(hook, key)).toThrow(/^(?![^]*hunter2)[^]*GOLDSMITH_HOOK_SECRET_J/);
  });
});

const key = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;

it("takes no two hooks that would take each other's messages", () => {
  const hook = { signature: { kind: "standard-webhooks" }, images: ["*"], map: { image: { value: "x" } } };
  const read = (other: string) =>
    readSettings({
      ...sample,
      GOLDSMITH_HOOKS: JSON.stringify({ one: { ...hook, secretNames: ["A"] }, two: { ...hook, secretNames: [other] } }),
      GOLDSMITH_HOOK_SECRET_A: key(1),
      GOLDSMITH_HOOK_SECRET_B: key(2),
    });
  expect([...read("B").hooks.keys()]).toEqual(["one", "two"]);
  expect(() => read("A")).toThrow(/two hooks have the key A/);
});

it("takes no hook whose builds would be told to somebody else than the targets of callbacks", () => {
  const hook = {
    signature: { kind: "standard-webhooks" },
    secretNames: ["J"],
    images: ["*"],
    map: { image: { value: "x" } },
  };
  const read = (url: string) =>
    readSettings({
      ...sample,
      GOLDSMITH_HOOKS: JSON.stringify({ jira: { ...hook, notify: [{ url }] } }),
      GOLDSMITH_HOOK_SECRET_J: `whsec_${Buffer.alloc(32, 1).toString("base64")}`,
      GOLDSMITH_CALLBACK_TARGETS: JSON.stringify([{ origin: "https://tickets.example.com", secretNames: ["A"] }]),
      GOLDSMITH_CALLBACK_SECRET_A: `whsec_${Buffer.alloc(32, 2).toString("base64")}`,
    });
  expect(read("https://tickets.example.com/hook").hooks.size).toBe(1);
  expect(() => read("https://other.example.com/hook")).toThrow(/GOLDSMITH_HOOKS: has a notify/);
});

describe("ticket systems that tell who decides", () => {
  const system = { name: "service-now", application: "0b1ec700-0000-4000-8000-000000000001", secretNames: ["NOW"] };
  const read = (secret: string) =>
    readSettings({
      ...sample,
      GOLDSMITH_APPROVAL_SYSTEMS: JSON.stringify([system]),
      GOLDSMITH_APPROVAL_SECRET_NOW: secret,
    });

  it("have keys in settings of their own", () => {
    const [ready] = read("a text of 24 characters!").approvalSystems;
    expect(ready).toEqual({ ...system, secrets: [Buffer.from("a text of 24 characters!")] });
  });

  it.each(["", "hunter2", "@Microsoft.KeyVault(SecretUri=https://hunter2.vault.azure.net/secrets/a)"])(
    "are not taken with the key '%s', which is not repeated",
    (key) => {
      expect(() => read(key)).toThrow(/^(?![^]*hunter2)[^]*GOLDSMITH_APPROVAL_SECRET_NOW/);
    },
  );
});
