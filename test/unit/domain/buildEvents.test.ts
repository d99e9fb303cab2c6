import { expect, it } from "vitest";
import { eventsOf, lastOf } from "../../../src/domain/buildEvents.ts";

const at = "2026-01-15T02:00:00.000Z";
const timeline = ["one", "two", "three"].map((event) => ({ at, event }));
const told = (events: ReturnType<typeof eventsOf>) =>
  events.map((event) => (event.kind === "phase" ? `(${event.phase})` : event.event));

it("phases stand between the entries of the timeline where they were written down", () => {
  const phases = [
    { at, phase: "first", after: 0 },
    { at, phase: "second", after: 2 },
    { at, phase: "third", after: 2 },
    { at, phase: "last", after: 3 },
  ];
  expect(told(eventsOf({ timeline, phases }))).toEqual([
    "(first)",
    "one",
    "two",
    "(second)",
    "(third)",
    "three",
    "(last)",
  ]);
  expect(told(eventsOf({ timeline }))).toEqual(["one", "two", "three"]);
});

it("of very many events a custom status has the last, with their numbers, and long details in short", () => {
  const many = Array.from({ length: 500 }, (_, n) => ({
    at,
    event: `step ${n + 1}`,
    detail: "d".repeat(n % 7 ? 40 : 5000),
  }));
  const { first, list } = lastOf(eventsOf({ timeline: many }));
  expect(first + list.length).toBe(501);
  expect(list[0]).toMatchObject({ event: `step ${first}` });
  expect(list.length).toBeGreaterThan(10);
  expect(JSON.stringify(list).length).toBeLessThan(4200);
  expect(lastOf(eventsOf({ timeline }))).toMatchObject({ first: 1, list: [{ event: "one" }, {}, {}] });
});
