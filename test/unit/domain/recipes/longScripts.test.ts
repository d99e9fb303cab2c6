import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { keptScriptsIn } from "../../../../src/domain/keptScript.ts";
import { planBuild } from "../../../../src/domain/plan.ts";
import { LARGEST_SCRIPT, LARGEST_UPLOAD } from "../../../../src/domain/recipes/besideScripts.ts";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import { besideFile } from "../../../support/besideFile.ts";
import { planContext, request, SCRIPT_CONTAINER } from "../../../support/plan.ts";

const sample = readFileSync(join(import.meta.dirname, "../../../../images/aks-jumpbox.yaml"), "utf8");
const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");
const long = (line: string) => `#!/bin/sh\n${`${line}\n`.repeat(Math.ceil((LARGEST_SCRIPT + 1) / (line.length + 1)))}`;
const URL = "https://stscripts.blob.core.windows.net/kept";

/** With a first step, and what lies beside. */
function parsed(step: string, files: Record<string, string | Uint8Array>, rest = "") {
  const text = sample.replace("customize:\n", `customize:\n  - {${step}}\n`) + rest;
  return parseRecipe("aks-jumpbox.yaml", text, {
    scriptContainer: SCRIPT_CONTAINER,
    readBeside: (path, largest) => {
      const content = files[path];
      if (content === undefined) return { kind: "unreadable", message: "is not there" };
      return content.length > largest ? { kind: "unreadable", message: "is too large" } : besideFile(content);
    },
  });
}

function planFor(...asked: Parameters<typeof parsed>) {
  const found = parsed(...asked);
  if (found.kind === "faulty") throw new Error(found.faults.map(faultText).join("\n"));
  return planBuild(request, found.recipe, { ...planContext, scriptContainer: SCRIPT_CONTAINER });
}

const faultsOf = (...asked: Parameters<typeof parsed>) => {
  const found = parsed(...asked);
  return found.kind === "faulty" ? found.faults.map(faultText) : [];
};

const step = "type: Shell, name: a, script: scripts/it is.sh";

describe("a script beside the recipe that is too long for the template", () => {
  it("is named by its content in the container, with its checksum, and nothing of it stands in the template", () => {
    const script = long("echo one");
    const { template, scriptContainer } = planFor(step, { "scripts/it is.sh": script });
    expect(template.customize?.[0]).toEqual({
      type: "Shell",
      name: "a",
      scriptUri: `${URL}/${sha256(script)}/scripts/it%20is.sh`,
      sha256Checksum: sha256(script),
    });
    expect(JSON.stringify(template)).not.toContain("echo one");
    expect(scriptContainer).toBe(SCRIPT_CONTAINER);
    expect(keptScriptsIn(template, SCRIPT_CONTAINER)).toEqual([{ path: "scripts/it is.sh", sha256: sha256(script) }]);
  });

  it("of PowerShell keeps what its step says, and a file of whatever bytes where it goes", () => {
    const script = long("Write-Output 'é'").replaceAll("\n", "\r\n");
    const [powerShell] =
      planFor("type: PowerShell, script: a.ps1, runElevated: true", { "a.ps1": script }).template.customize ?? [];
    expect(powerShell).toEqual({
      type: "PowerShell",
      runElevated: true,
      scriptUri: `${URL}/${sha256(script)}/a.ps1`,
      sha256Checksum: sha256(script),
    });
    const bytes = Uint8Array.from({ length: LARGEST_SCRIPT + 1 }, (_, at) => at % 251);
    const [file] =
      planFor("type: File, file: f/it.bin, destination: /tmp/it.bin", { "f/it.bin": bytes }).template.customize ?? [];
    expect(file).toEqual({
      type: "File",
      destination: "/tmp/it.bin",
      sourceUri: `${URL}/${sha256(bytes)}/f/it.bin`,
      sha256Checksum: sha256(bytes),
    });
  });

  it("makes the same template of the same content, and another of another", () => {
    const [one, same, other] = ["one", "one", "two"].map((line) => planFor(step, { "scripts/it is.sh": long(line) }));
    expect(one?.templateHash).toBe(same?.templateHash);
    expect(one?.templateHash).not.toBe(other?.templateHash);
  });

  it("lets the builder read that container, once for all of them, and just as long as it reads a source", () => {
    const rest = "validate: { inVMValidations: [{ type: Shell, script: b.sh }] }\n";
    const { grants, findings } = planFor(step, { "scripts/it is.sh": long("one"), "b.sh": long("two") }, rest);
    expect(findings).toEqual([]);
    expect(grants.map(({ role, scope }) => [role, scope])).toEqual([
      ["image creation", expect.any(String)],
      ["script reading", SCRIPT_CONTAINER],
      ["network join", expect.any(String)],
    ]);
    expect(grants[1]?.roleDefinitionId).toMatch(/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1$/);
  });

  it("is no cause for a grant, or for anything to be put anywhere, where all is short enough", () => {
    const { grants, scriptContainer } = planFor(step, { "scripts/it is.sh": "#!/bin/sh\n" });
    expect(grants.map(({ role }) => role)).toEqual(["image creation", "network join"]);
    expect(scriptContainer).toBeUndefined();
  });

  it.each<[string, string, string | Uint8Array, string]>([
    ["has the line ends of Windows", "type: Shell, script: a", long("a\r"), "line ends of Windows"],
    ["is no text", "type: PowerShell, script: a", new Uint8Array(LARGEST_SCRIPT + 1).fill(0xc3), "is not UTF-8"],
    ["holds a NUL", "type: PowerShell, script: a", long("a\0"), "is no text"],
    ["holds a secret", "type: Shell, script: a", `${long("a")}PASSWORD=hunter2hunter2\n`, "looks like a secret"],
    ["is beyond all bounds", "type: Shell, script: a", new Uint8Array(LARGEST_UPLOAD + 1), "too large"],
    [
      "has a checksum of its own",
      `type: Shell, script: a, sha256Checksum: ${"a".repeat(64)}`,
      long("a"),
      "sha256Checksum",
    ],
  ])("is refused as a short one is where it %s", (_, written, content, message) => {
    expect(faultsOf(written, { a: content }).join()).toContain(message);
  });

  it("is refused where all of a recipe are too much", () => {
    const bytes = new Uint8Array(LARGEST_UPLOAD).fill(0x80);
    const steps = Array.from({ length: 5 }, () => "{type: File, file: f, destination: /tmp/f}").join(", ");
    const rest = `validate: { inVMValidations: [${steps}] }\n`;
    expect(faultsOf("type: Shell, inline: [a]", { f: bytes }, rest)).toEqual([]);
    expect(faultsOf("type: File, file: f, destination: /tmp/f", { f: bytes }, rest).join()).toContain(
      "makes more than 100 MiB",
    );
  });
});

describe("what a recipe fetches itself of a container that its zone lists", () => {
  const listed = SCRIPT_CONTAINER.replace("stscripts", "stother");
  const zone = { ...planContext.zone, scriptContainers: [listed] };
  const planOf = (uri: string) => {
    const found = parsed(`type: Shell, scriptUri: "${uri}", sha256Checksum: ${"a".repeat(64)}`, {});
    if (found.kind === "faulty") throw new Error(found.faults.map(faultText).join("\n"));
    return planBuild(request, found.recipe, { ...planContext, zone, scriptContainer: SCRIPT_CONTAINER });
  };

  it("is leased to be read, and not put anywhere", () => {
    const { grants, scriptContainer } = planOf("https://stother.blob.core.windows.net/kept/a.sh");
    expect(grants.map(({ role, scope }) => [role, scope])).toContainEqual(["script reading", listed]);
    expect(scriptContainer).toBeUndefined();
  });

  it.each([
    "https://stother.blob.core.windows.net/other/a.sh",
    "https://stanother.blob.core.windows.net/kept/a.sh",
    "https://stother.example.com/kept/a.sh",
    "https://stother.blob.core.windows.net/kept",
  ])("is not where it lies elsewhere: %s", (uri) => {
    expect(planOf(uri).grants.map(({ role }) => role)).toEqual(["image creation", "network join"]);
  });

  it.each(["a.sh", "%zz/a.sh", `${"a".repeat(64)}/..%2Fa.sh`])(
    "is not put anywhere by a URL in the service's own container that it has not made: %s",
    (name) => {
      const { grants, scriptContainer } = planOf(`${URL}/${name}`);
      expect(grants.map(({ role }) => role)).toContain("script reading");
      expect(scriptContainer).toBeUndefined();
    },
  );
});
