import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LARGEST_SCRIPT } from "../../../../src/domain/recipes/besideScripts.ts";
import { faultText } from "../../../../src/domain/recipes/fault.ts";
import { parseRecipe } from "../../../../src/domain/recipes/recipeFile.ts";
import type { Recipe } from "../../../../src/domain/recipes/schema.ts";
import { besideFile } from "../../../support/besideFile.ts";
import { planBuild } from "../../../../src/domain/plan.ts";
import { planContext, request } from "../../../support/plan.ts";

const sample = readFileSync(join(import.meta.dirname, "../../../../images/aks-jumpbox.yaml"), "utf8");
const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-scripts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function parsed(step: string, files: Record<string, string | Uint8Array>, rest = "") {
  const text = sample.replace("customize:\n", `customize:\n  - {${step}}\n`) + rest;
  return parseRecipe("aks-jumpbox.yaml", text, {
    readBeside: (path, largest) => {
      const content = files[path];
      if (content === undefined) return { kind: "unreadable", message: "is not there" };
      if (content.length > largest) return { kind: "unreadable", message: "is too large" };
      return besideFile(content);
    },
  });
}

function recipeOf(...asked: Parameters<typeof parsed>): Recipe {
  const found = parsed(...asked);
  if (found.kind === "faulty") throw new Error(found.faults.map(faultText).join("\n"));
  return found.recipe;
}

function faultsOf(...asked: Parameters<typeof parsed>): string[] {
  const found = parsed(...asked);
  return found.kind === "faulty" ? found.faults.map(faultText) : [];
}

/** Commands of the first step, with its paths below the test's folder rather than /tmp. */
function commandsOf(recipe: Recipe): string {
  const [step] = recipe.customize;
  const inline = step && "inline" in step ? (step.inline ?? []) : [];
  return inline.join("\n").replaceAll("/tmp/", `${folder}/`);
}

const commandsFor = (script: string) =>
  commandsOf(recipeOf("type: Shell, script: scripts/a.sh", { "scripts/a.sh": script }));

const planFor = (script: string) =>
  planBuild(request, recipeOf("type: Shell, name: a, script: scripts/a.sh", { "scripts/a.sh": script }), planContext);

/** As packer runs commands on Linux. */
const run = (commands: string) => spawnSync("/bin/sh", ["-e", "-c", commands], { encoding: "utf8" });

describe("a script that lies beside the recipe", () => {
  it.each([
    [
      "with its own interpreter",
      '#!/bin/bash\nset -o pipefail\nlist=(one \'two $HOME\' "`echo 3`")\necho "${list[1]}"\n',
    ],
    ["without an end of its last line", "#!/bin/sh\necho 'two $HOME'"],
    ["with quotes, escapes and an indented here document", "#!/bin/sh\ncat << 'EOF'\ntwo $HOME\nEOF\n# \\ ' \" $(x)\n"],
  ])("is run as it is, %s, and is gone afterwards", (_, script) => {
    const { status, stdout, stderr } = run(
      commandsOf(recipeOf("type: Shell, script: scripts/a.sh", { "scripts/a.sh": script })),
    );
    expect({ status, stdout: stdout.trim(), stderr }).toEqual({ status: 0, stdout: "two $HOME", stderr: "" });
    expect(execFileSync("ls", ["-A", folder], { encoding: "utf8" })).toBe("");
  });

  it("fails the step where it fails, and where it is not what the recipe has any more", () => {
    expect(run(commandsFor("#!/bin/sh\nexit 3\n")).status).toBe(3);
    const changed = run(commandsFor("#!/bin/sh\necho one\n").replace("echo one", "echo two"));
    expect(changed.status).not.toBe(0);
    expect(changed.stdout).not.toContain("two");
  });

  it("stands in the template with its checksum, so that another script is another template", () => {
    const [one, same, other] = ["echo one\n", "echo one\n", "echo two\n"].map(planFor);
    expect(JSON.stringify(one?.template)).toContain(sha256("echo one\n"));
    expect(JSON.stringify(one?.template)).not.toContain("scripts/a.sh");
    expect(one?.template.customize?.[0]).toMatchObject({ type: "Shell", name: "a" });
    expect(one?.templateHash).toBe(same?.templateHash);
    expect(one?.templateHash).not.toBe(other?.templateHash);
  });

  it.each([
    ["readable", "param($x)\r\nWrite-Output 'a'\r\nexit 3\r\n"],
    ["in base 64, with letters of other languages", "Write-Output 'für'\n"],
    ["in base 64, with a byte order mark", "\ufeffWrite-Output 1\n"],
    ["in base 64, with what would end a here-string", "$x = @'\n  a\n'@\n"],
  ])("of PowerShell is written as it is, held against its checksum, run and removed: %s", (how, script) => {
    const step = "type: PowerShell, script: scripts/a.ps1, runElevated: true";
    const [first] = recipeOf(step, { "scripts/a.ps1": script }).customize;
    const path = String.raw`'C:\Windows\Temp\goldsmith-${sha256(script).slice(0, 12)}.ps1'`;
    expect(first).toEqual({
      type: "PowerShell",
      runElevated: true,
      inline: [
        how === "readable"
          ? `[IO.File]::WriteAllText(${path}, @'\n${script}\n'@)`
          : `[IO.File]::WriteAllBytes(${path}, [Convert]::FromBase64String('${Buffer.from(script).toString("base64")}'))`,
        `if ((Get-FileHash -Algorithm SHA256 -LiteralPath ${path}).Hash -ne '${sha256(script)}') { throw 'The file is not what the recipe has.' }`,
        `& ${path}`,
        "$code = $LASTEXITCODE",
        `Remove-Item -LiteralPath ${path}`,
        "exit $code",
      ],
    });
  });

  it("can validate as well", () => {
    const rest = "validate: { inVMValidations: [{ type: Shell, script: scripts/v.sh }] }\n";
    const { validate } = recipeOf("type: Shell, inline: [a]", { "scripts/v.sh": "#!/bin/sh\ntrue\n" }, rest);
    expect(validate?.inVMValidations?.[0]).toMatchObject({ type: "Shell", inline: expect.any(Array) });
  });

  it.each<[string, string, Record<string, string | Uint8Array>, string]>([
    [
      "is not there",
      "type: Shell, script: scripts/a.sh",
      {},
      "customize[0].script: names scripts/a.sh, which is not there",
    ],
    ["leads up", "type: Shell, script: ../a.sh", {}, "below the recipe's folder"],
    ["has the line ends of Windows", "type: Shell, script: a.sh", { "a.sh": "a\r\nb\r\n" }, "line ends of Windows"],
    ["is no text", "type: Shell, script: a.sh", { "a.sh": Uint8Array.from([0xc3, 0x28]) }, "is not UTF-8"],
    ["begins with a byte order mark", "type: Shell, script: a.sh", { "a.sh": "\ufeff#!/bin/sh\n" }, "byte order mark"],
    ["is UTF-16", "type: Shell, script: a.sh", { "a.sh": Buffer.from("\ufeff#!/bin/sh\n", "utf16le") }, "is UTF-16"],
    ["holds a NUL", "type: Shell, script: a.sh", { "a.sh": "a\0b\n" }, "is no text"],
    [
      "is too large, and has no container to go to",
      "type: Shell, script: a.sh",
      { "a.sh": "a".repeat(LARGEST_SCRIPT + 1) },
      "is larger than 64 KiB: set GOLDSMITH_SCRIPT_CONTAINER",
    ],
    ["begins with a mark", "type: Shell, script: a.sh", { "a.sh": "\ufeff#!/bin/sh\n" }, "byte order mark"],
    [
      "holds a secret",
      "type: Shell, script: a.sh",
      { "a.sh": "export PASSWORD=hunter2hunter2\n" },
      "looks like a secret",
    ],
    [
      "stands beside commands",
      "type: Shell, script: a.sh, inline: [a]",
      { "a.sh": "a\n" },
      "either inline, scriptUri or script",
    ],
    [
      "has a checksum of its own",
      `type: Shell, script: a.sh, sha256Checksum: ${"a".repeat(64)}`,
      { "a.sh": "a\n" },
      "sha256Checksum",
    ],
  ])("is told once, with its place, where it %s", (_, step, files, message) => {
    const faults = faultsOf(step, files);
    expect(faults).toEqual([expect.stringContaining(message)]);
    expect(faults[0]).toMatch(/^aks-jumpbox\.yaml:23:\d+: /);
    expect(faults.join()).not.toContain("hunter2");
  });

  it("does not let a recipe grow without an end", () => {
    const steps = Array.from({ length: 9 }, () => "{type: Shell, script: a.sh}").join(", ");
    const rest = `validate: { inVMValidations: [${steps}] }\n`;
    const faults = faultsOf("type: Shell, inline: [a]", { "a.sh": "a".repeat(LARGEST_SCRIPT - 1000) }, rest);
    expect(faults[0]).toContain("makes the recipe larger than 256 KiB");
  });
});

describe("a file that lies beside the recipe", () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, at) => at % 256);

  it("lies on the machine as it is, whatever is in it, wherever it goes", () => {
    const recipe = recipeOf(`type: File, file: files/it.bin, destination: "/tmp/it's here.bin"`, {
      "files/it.bin": bytes,
    });
    expect(run(commandsOf(recipe))).toMatchObject({ status: 0, stderr: "" });
    expect(sha256(readFileSync(join(folder, "it's here.bin")))).toBe(sha256(bytes));
  });

  it("fails the step where it is not what the recipe has any more", () => {
    const recipe = recipeOf("type: File, file: files/it.bin, destination: /tmp/it", { "files/it.bin": bytes });
    expect(run(commandsOf(recipe).replace("echo AAEC", "echo BBEC")).status).not.toBe(0);
  });

  it("is written on Windows by PowerShell, held against its checksum", () => {
    const [step] = recipeOf(String.raw`type: File, name: f, file: files/it.bin, destination: 'C:\it''s.bin'`, {
      "files/it.bin": bytes,
    }).customize;
    expect(step).toMatchObject({ type: "PowerShell", name: "f" });
    const text = step && "inline" in step ? step.inline?.join("\n") : "";
    expect(text).toContain(
      String.raw`WriteAllBytes('C:\it''s.bin', [Convert]::FromBase64String('${Buffer.from(bytes).toString("base64")}'))`,
    );
    expect(text).toContain(sha256(bytes));
  });

  it.each([
    ["is not there", "type: File, file: f, destination: /tmp/f", "names f, which is not there"],
    ["goes nowhere", "type: File, file: f", "destination"],
    [
      "stands beside a URI",
      'type: File, file: f, sourceUri: "https://a.test/f", destination: /tmp/f',
      "either sourceUri or file",
    ],
    ["is named by neither", "type: File, destination: /tmp/f", "either sourceUri or file"],
  ])("is told where it %s", (_, step, message) => {
    expect(faultsOf(step, {}).join("\n")).toContain(message);
  });

  it.each([
    ["app.conf", "takes a whole path"],
    ["~/app.conf", "takes a whole path"],
    ['"C:\\\\a\\nb"', "must not hold control characters"],
  ])("is told that %s is no place for it", (destination, message) => {
    expect(faultsOf(`type: File, file: f, destination: ${destination}`, { f: "a\n" })).toEqual([
      expect.stringContaining(`customize[0].destination: ${message}`),
    ]);
  });

  it("is put where its destination says, whatever PowerShell takes for a quote", () => {
    const [step] = recipeOf("type: File, file: f, destination: C:\\\\it\u2019s", { f: "a\n" }).customize;
    expect(JSON.stringify(step)).toContain("it\u2019\u2019s'");
  });

  it("is a program with words of all kinds in it, and is taken", () => {
    const program = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]), Buffer.from("password=geheim-1234\0")]);
    expect(faultsOf("type: File, file: f, destination: /tmp/f", { f: program })).toEqual([]);
  });

  it.each(["/etc/app.conf", "/tmp/../etc/app.conf", "/tmp/", "/tmp"])(
    "is told that it cannot go to %s",
    (destination) => {
      expect(faultsOf(`type: File, file: f, destination: ${destination}`, { f: "a\n" })).toEqual([
        expect.stringContaining("customize[0].destination: must be below /tmp on Linux"),
      ]);
    },
  );
});
