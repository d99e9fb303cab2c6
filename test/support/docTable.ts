import { readFileSync } from "node:fs";
import { join } from "node:path";

const docs = join(import.meta.dirname, "..", "..", "docs");

/** The rows of the table under a heading of a page in docs/, by their cells. @param heading of the second level. */
export function docTable(page: string, heading: string): string[][] {
  const section = readFileSync(join(docs, page), "utf8").split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      // A bar that is part of a cell is escaped.
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}
