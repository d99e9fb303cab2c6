import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");

it("does not compile a call of an unknown activity, with a wrong input, or into a wrong type", () => {
  // The file expects an error at each such line: the compiler fails on one that compiles.
  const options = ["--ignoreConfig", "--noEmit", "--strict", "--target", "es2023", "--module", "nodenext"];
  const more = ["--allowImportingTsExtensions", "--verbatimModuleSyntax", "--skipLibCheck", "--types", "node"];
  const run = () =>
    execFileSync(process.execPath, [compiler, ...options, ...more, "test/types/calls.ts"], {
      cwd: root,
      encoding: "utf8",
    });
  expect(run()).toBe("");
});
