import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { serviceDoors } from "../support/doors.ts";

const opening = readFileSync(join(import.meta.dirname, "..", "..", "src", "http", "openDoors.ts"), "utf8");

it("gives the door that takes every other request the last name, since the host tries routes in the names' order", async () => {
  const other = /app\.http\("([^"]+)"/.exec(opening)?.[1] ?? "";
  const doors = (await serviceDoors()).map(({ name }) => name.toUpperCase());
  expect(doors.length).toBeGreaterThan(3);
  expect([...doors, other.toUpperCase()].toSorted().at(-1)).toBe(other.toUpperCase());
});
