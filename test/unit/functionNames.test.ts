import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const source = join(import.meta.dirname, "..", "..", "src");

it("gives the door that takes every other request the last name, since the host tries routes in the names' order", () => {
  const doors = readdirSync(join(source, "functions")).filter((file) => file.endsWith(".http.ts"));
  const names = doors.map((file) => nameIn(join("functions", file), /\bname: "([^"]+)"/));
  const others = nameIn("http/openDoors.ts", /\.http\("([^"]+)"/);
  expect(names.length).toBeGreaterThan(3);
  expect([...names, others].toSorted().at(-1)).toBe(others);
});

/** As the host compares names: without case. */
function nameIn(file: string, name: RegExp): string {
  const found = name.exec(readFileSync(join(source, file), "utf8"))?.[1];
  if (!found) throw new Error(`${file} names no function.`);
  return found.toUpperCase();
}
