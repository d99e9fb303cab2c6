import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Lines of each file of the local Azure, by its path there. */
const files = readdirSync(join(root, "local/azure"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => ({ path, lines: readFileSync(join(root, "local/azure", path), "utf8").split("\n").length - 1 }));

const sumOf = (some: { lines: number }[]) => some.reduce((sum, { lines }) => sum + lines, 0);

/** What lies beside the folders is told of as `*.ts`. */
const folderOf = (path: string) => (path.includes("/") ? path.slice(0, path.indexOf("/")) : "*.ts");

/** Rows of "Read it in an afternoon": lines, and the folders that have them. */
const rows = [...readFileSync(join(root, "docs/local-azure.md"), "utf8").matchAll(/^\| +(\d+) \| ([^|]+) \|/gm)].map(
  ([, lines, what = ""]) => ({
    told: Number(lines),
    folders: [...what.matchAll(/`(\w+|\*\.ts)`/g)].map(([, name = ""]) => name),
  }),
);

describe("the local Azure", () => {
  it("is small enough to be read in an afternoon", () => {
    expect(sumOf(files)).toBeLessThanOrEqual(13_505);
  });

  it("has no file of more than 225 lines", () => {
    expect(files.filter(({ lines }) => lines > 225)).toEqual([]);
  });

  it("is told of folder by folder in its docs", () => {
    const told = rows.flatMap(({ folders }) => folders);
    expect(told.toSorted()).toEqual([...new Set(files.map(({ path }) => folderOf(path)))].sort());
  });

  it.each(rows)("has about $told lines in $folders, as its docs say", ({ told, folders }) => {
    const lines = sumOf(files.filter(({ path }) => folders.includes(folderOf(path))));
    expect(Math.abs(lines - told)).toBeLessThanOrEqual(Math.max(20, told / 20));
  });
});
