import { readFileSync } from "node:fs";
import { join } from "node:path";

const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "recipes.md"), "utf8");
const [, section = ""] = /^## Your first recipe\n([^]*?)^## /m.exec(page) ?? [];

/** The first recipe that docs/recipes.md has a newcomer write. */
export const FIRST_RECIPE = { name: "web-server", text: blocks("yaml")[0] ?? "" };

/** What the page shows of answers and reports there, a text each. */
export const FIRST_ANSWERS = blocks("text");

function blocks(language: string): string[] {
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map(([, text = ""]) => text);
}
