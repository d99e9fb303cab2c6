import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { expect, it } from "vitest";
import { RULES } from "../../../../src/domain/preflight/catalogue.ts";
import { preflightDocument } from "../../../../src/domain/preflight/document.ts";

it("is as docs/preflight.md has it: `npm run docs` writes it anew", async () => {
  const page = readFileSync(join(import.meta.dirname, "..", "..", "..", "..", "docs", "preflight.md"), "utf8");
  expect(page).toBe(await format(preflightDocument(), { parser: "markdown", printWidth: 120 }));
});

it("names each code once", () => {
  const codes = RULES.flatMap(({ findings }) => Object.keys(findings));
  expect(new Set(codes).size).toBe(codes.length);
});
