import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSettings } from "../../src/settings.ts";
import { appSettingsOf, deployInfra, root } from "../support/bicep/infraFiles.ts";
import { fullParameters, leastParameters } from "../support/bicep/parameters.ts";

/** Read by the Functions host and its extensions, whatever our code reads. */
const OF_HOST =
  /^AzureWebJobsStorage__(accountName|credential|clientId)$|^AzureFunctionsJobHost__|^APPLICATIONINSIGHTS_(CONNECTION|AUTHENTICATION)_STRING$|^OTEL_EXPORTER_OTLP_ENDPOINT$/;
const OF_SCHEDULER = "DURABLE_TASK_SCHEDULER_CONNECTION_STRING";
/** Set by the platform, or for a developer's machine: infra/ sets none of them. */
const NOT_DEPLOYED = /^(GOLDSMITH_ARCHIVE|WEBSITE_\w+|CONTAINER_APP_NAME)$/;
const BY_NAME = /^GOLDSMITH_(CALLBACK|HOOK|APPROVAL)_SECRET_/;

function settingsOf(parameters: Record<string, unknown>): Record<string, string> {
  const set = appSettingsOf(deployInfra(parameters));
  const names = set.map(({ name }) => name);
  expect(names).toHaveLength(new Set(names).size);
  return Object.fromEntries(set.map(({ name, value }) => [name, value]));
}

/** Every name in our code that looks like a setting's: keys of the schema of settings, and what is read beside it. */
function namesInCode(): string[] {
  const files = globSync("src/**/*.ts", { cwd: root }).filter((path) => !path.startsWith(join("src", "cli")));
  const text = files.map((path) => readFileSync(join(root, path), "utf8")).join("\n");
  const code = text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
  const found = [
    ...code.matchAll(/^\s+((?:GOLDSMITH|AZURE|WEBSITE|APPLICATIONINSIGHTS|OTEL|NODE)_\w+):/gm),
    ...code.matchAll(/\benv(?:ironment)?(?:\.|\[")((?:[A-Z]+_)+\w+)/g),
  ];
  // What ends so is what names begin with.
  return [...new Set(found.map(([, name = ""]) => name))].filter((name) => !name.endsWith("_"));
}

describe.each([
  ["the fewest parameters", leastParameters],
  ["all parameters", fullParameters],
])("the application settings, deployed with %s,", (_, parameters) => {
  const settings = settingsOf(parameters);
  const names = Object.keys(settings);
  const read = namesInCode();

  it("are all that the code reads", () => {
    expect(read.length).toBeGreaterThan(30);
    expect(read.filter((name) => !NOT_DEPLOYED.test(name) && !names.includes(name))).toEqual([]);
  });

  it("are none that nobody reads", () => {
    const unread = names.filter((name) => !read.includes(name) && !OF_HOST.test(name) && !BY_NAME.test(name));
    expect(unread.filter((name) => name !== OF_SCHEDULER)).toEqual([]);
    expect(names.filter((name) => BY_NAME.test(name))).toHaveLength(parameters === fullParameters ? 3 : 0);
    expect(names.includes(OF_SCHEDULER)).toBe(parameters === fullParameters);
  });

  it("are usable, and say what they were deployed for", () => {
    const given = { ...settings, WEBSITE_HOSTNAME: "func.azurewebsites.net", WEBSITE_INSTANCE_ID: "1" };
    // What the platform puts in place of a reference.
    const resolved = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name,
        BY_NAME.test(name) ? `whsec_${Buffer.alloc(32, name).toString("base64")}` : value,
      ]),
    );
    const usable = readSettings(resolved);
    expect(usable.installationId).toBe(parameters.installationId);
    expect(usable.archive).toEqual({
      blobServiceUri: expect.stringMatching(/^https:\/\/\w+\.blob\.core\.windows\.net\/$/),
    });
    expect([...usable.zones.keys()]).toEqual(["default"]);
    expect(usable.zones.get("default")?.networkRequired).toBe(parameters.networkRequired ?? false);
  });

  it("hold no secret: keys are references to Key Vault", () => {
    for (const [name, value] of Object.entries(settings)) {
      if (BY_NAME.test(name)) expect(value).toMatch(/^@Microsoft\.KeyVault\(SecretUri=https:\/\//);
      expect(value).not.toMatch(/AccountKey=|SharedAccessSignature=|whsec_|[?&]sig=/);
    }
  });
});
