import { expect, it } from "vitest";
import { retryAfterSeconds } from "../../../src/domain/retryAfter.ts";

const NOW = new Date("2026-01-15T12:00:00Z");

it.each([
  ["0", 0],
  ["600", 600],
  [" 17 ", 17],
  ["Thu, 15 Jan 2026 12:01:30 GMT", 90],
  ["Thu, 15 Jan 2026 11:00:00 GMT", 0],
  ["7200", 7200],
  ["999999999", 79_200],
  ["Fri, 15 Jan 2027 12:00:00 GMT", 79_200],
  ["-1", undefined],
  ["1.5", undefined],
  ["soon", undefined],
  ["2026-01-15T12:01:30Z", undefined],
  ["", undefined],
  [undefined, undefined],
])("takes the Retry-After %j for %s seconds", (header, seconds) => {
  expect(retryAfterSeconds(header, NOW)).toBe(seconds);
});
