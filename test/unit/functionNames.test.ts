import { expect, it } from "vitest";
import { type DoorParts, doorsOf } from "../../src/doors.ts";
import { OTHER_REQUESTS } from "../../src/http/openDoors.ts";

it("gives the door that takes every other request the last name, since the host tries routes in the names' order", () => {
  const names = doorsOf({} as DoorParts).map(({ name }) => name.toUpperCase());
  expect(names.length).toBeGreaterThan(3);
  expect([...names, OTHER_REQUESTS.toUpperCase()].toSorted().at(-1)).toBe(OTHER_REQUESTS.toUpperCase());
});
