import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const read = (path: string) => readFileSync(join(import.meta.dirname, "..", "..", path), "utf8");

interface Hook {
  posix: { run: string };
  windows: { run: string };
}
interface AzureYaml {
  services: { goldsmith: { host: string; language: string; dist: string; hooks: { prepackage: Hook } } };
  hooks: { preprovision: Hook; predown: Hook };
  workflows: { up: { steps: { azd: string }[] } };
}

const azureYaml = parse(read("azure.yaml")) as AzureYaml;
const { goldsmith } = azureYaml.services;

/** Namespaces as a list of words names them, in order. */
const names = (text: string, of: RegExp) => [...(of.exec(text)?.[1] ?? "").matchAll(/\w+/g)].map(([name]) => name);

describe("azure.yaml", () => {
  it("sends the very file that npm run package writes, as it is", () => {
    const scripts = (JSON.parse(read("package.json")) as { scripts: Record<string, string> }).scripts;
    expect(goldsmith).toMatchObject({ host: "function", language: "custom" });
    expect(read(scripts.package?.replace("exec node ", "") ?? "")).toContain(`"${goldsmith.dist.split("/").at(-1)}"`);
    for (const { run } of Object.values(goldsmith.hooks.prepackage)) expect(run).toBe("npm ci && npm run package");
  });

  it("subscribes to events only when the service is there to answer Event Grid's handshake", () => {
    expect(azureYaml.workflows.up.steps.map(({ azd }) => azd)).toEqual([
      "provision",
      "deploy --all",
      "env set GOLDSMITH_EVENTS true",
      "provision",
    ]);
    expect(read("infra/main.parameters.json")).toContain("${GOLDSMITH_EVENTS");
  });

  it("registers the same resource providers on each kind of machine as docs/deploy.md does", () => {
    const { posix, windows } = azureYaml.hooks.preprovision;
    const registered = names(posix.run, /for name in ([^;]+);/);
    expect(registered).toContain("VirtualMachineImages");
    expect(names(windows.run, /\$name in ([^)]+)\)/)).toEqual(registered);
    expect(names(read("docs/deploy.md"), /for name in ([^;]+);/)).toEqual(registered);
  });

  it("lets azd delete no resource group", () => {
    for (const { run } of Object.values(azureYaml.hooks.predown)) expect(run).toMatch(/exit 1$/);
  });
});
