import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faultText } from "../../src/domain/recipes/fault.ts";
import { readCatalogue } from "../../src/recipes.ts";
import { planContext } from "../support/plan.ts";

const sample = readFileSync(join(import.meta.dirname, "..", "..", "images", "aks-jumpbox.yaml"), "utf8");
const STEPS = "- {type: Shell, name: included, inline: [echo one]}\n";

let outside: string;
let folder: string;
beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), "goldsmith-snippets-"));
  folder = join(outside, "images");
  mkdirSync(join(folder, "snippets"), { recursive: true });
  writeFileSync(
    join(folder, "aks-jumpbox.yaml"),
    sample.replace("customize:\n", "customize:\n  - include: snippets/a.yaml\n"),
  );
  writeFileSync(join(outside, "steps.yaml"), STEPS);
});
afterEach(() => rmSync(outside, { recursive: true, force: true }));

const read = () => readCatalogue(folder, { subscriptionId: planContext.subscriptionId });
const snippet = () => join(folder, "snippets", "a.yaml");

describe("a catalogue whose recipe includes a snippet", () => {
  it.each<[string, () => void]>([
    ["a file", () => writeFileSync(snippet(), STEPS)],
    [
      "a file in UTF-16",
      () => writeFileSync(snippet(), Uint8Array.from([0xff, 0xfe, ...Buffer.from(STEPS, "utf16le")])),
    ],
    [
      "a link to another one there",
      () => {
        writeFileSync(join(folder, "snippets", "b.yaml"), STEPS);
        symlinkSync("b.yaml", snippet());
      },
    ],
  ])("reads it from %s, and takes it for no recipe", (_, prepare) => {
    prepare();
    const { recipes, broken } = read();
    expect(broken.size).toBe(0);
    expect(recipes.get("aks-jumpbox")?.customize[0]).toEqual({ type: "Shell", name: "included", inline: ["echo one"] });
  });

  it.each<[string, () => void, string]>([
    ["is not there", () => undefined, "is not there"],
    ["is a link out of the folder", () => symlinkSync(join(outside, "steps.yaml"), snippet()), "leads out of"],
    [
      "lies in a folder that is such a link",
      () => {
        mkdirSync(join(outside, "other"));
        writeFileSync(join(outside, "other", "a.yaml"), STEPS);
        rmSync(join(folder, "snippets"), { recursive: true });
        symlinkSync(join(outside, "other"), join(folder, "snippets"));
      },
      "leads out of",
    ],
    ["is a link to itself", () => symlinkSync("a.yaml", snippet()), "cannot be read: ELOOP"],
    ["is a folder", () => mkdirSync(snippet()), "is no file"],
    ["is a pipe", () => execFileSync("mkfifo", [snippet()]), "is no file"],
    ["is not UTF-8", () => writeFileSync(snippet(), Uint8Array.of(0x2d, 0xff)), "is not UTF-8"],
    ["is of 10 MB", () => writeFileSync(snippet(), "#".repeat(10_000_000)), "is larger than 256 KiB"],
  ])("has it as broken where the snippet %s", (_, prepare, told) => {
    prepare();
    const { recipes, broken } = read();
    expect(recipes.size).toBe(0);
    expect(broken.get("aks-jumpbox")?.map(faultText)).toEqual([
      expect.stringMatching(
        `^aks-jumpbox.yaml:\\d+:14: customize\\[0\\].include: names snippets/a.yaml, which ${told}`,
      ),
    ]);
  });
});
