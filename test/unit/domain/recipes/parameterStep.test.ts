import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parameterSteps } from "../../../../src/domain/recipes/parameterStep.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-parameters-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SHELL = { type: "Shell" as const, inline: ["a"] };
const POWERSHELL = { type: "PowerShell" as const, inline: ["a"] };

function textOf(values: Record<string, string>, steps: Parameters<typeof parameterSteps>[1]): string {
  const [step] = parameterSteps(values, steps);
  return step && "inline" in step ? (step.inline ?? []).join("\n") : "";
}

const NASTY = [
  "$(touch owned)",
  "`touch owned`",
  "'; touch owned; '",
  '"; touch owned; "',
  "-n \\n %s ${HOME} $HOME",
  "{{ user `x` }} [parameters('x')]",
  "ü € 漢 🙂",
  "#{x} && || > < * ? ~",
];

describe("the step that puts parameters onto the build VM", () => {
  it.each(NASTY)("writes on Linux what a script reads back as it was: %s", (value) => {
    const values = { value, size: -5, debug: false };
    const [step] = parameterSteps(values, [SHELL]);
    if (step?.type !== "Shell" || !step.inline) throw new Error("It is no Shell step.");
    const commands = step.inline.join("\n").replaceAll("/var/lib/goldsmith", join(folder, "made"));
    execFileSync("sh", ["-e", "-c", `sudo() { "$@"; }\n${commands}`], { cwd: folder });
    expect(JSON.parse(readFileSync(join(folder, "made", "parameters.json"), "utf8"))).toEqual(values);
    expect(() => readFileSync(join(folder, "owned"))).toThrow("ENOENT");
  });

  it.each(NASTY)("has of a value nothing in its text but base 64: %s", (value) => {
    for (const steps of [[SHELL], [POWERSHELL]]) {
      const data = Buffer.from(JSON.stringify({ value })).toString("base64");
      expect(data).toMatch(/^[A-Za-z0-9+/]+=*$/);
      const other = Buffer.from(JSON.stringify({ value: "plain" })).toString("base64");
      expect(textOf({ value }, steps).replace(data, other)).toBe(textOf({ value: "plain" }, steps));
    }
  });

  it("is of the kind that the recipe's own are", () => {
    expect(parameterSteps({ a: 1 }, [{ type: "WindowsUpdate" }, POWERSHELL])).toMatchObject([{ type: "PowerShell" }]);
    expect(parameterSteps({ a: 1 }, [SHELL])).toMatchObject([{ type: "Shell" }]);
    expect(parameterSteps({}, [SHELL])).toEqual([]);
  });
});
