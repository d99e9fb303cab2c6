import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const folder = join(import.meta.dirname, "..", "..", "src", "functions");

it("gives the door that takes every other request the last name, since the host tries routes in the names' order", () => {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".http.ts"))
    .map((file) => /\.http\(\s*"([^"]+)"/.exec(readFileSync(join(folder, file), "utf8"))?.[1]?.toUpperCase() ?? file);
  expect(names.length).toBeGreaterThan(3);
  expect(names.toSorted().at(-1)).toBe("ZOTHERREQUESTS");
});
