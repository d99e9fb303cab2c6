/** Writes docs/preflight.md from the rules: `npm run docs`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { preflightDocument } from "../src/domain/preflight/document.ts";

const text = await format(preflightDocument(), { parser: "markdown", printWidth: 120 });
writeFileSync(join(import.meta.dirname, "preflight.md"), text);
