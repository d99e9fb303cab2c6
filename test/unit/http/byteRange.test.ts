import { expect, it } from "vitest";
import { byteRangeOf } from "../../../src/http/byteRange.ts";

const whole = { kind: "whole" };
const none = { kind: "unsatisfiable" };
const part = (from: number, to: number) => ({ kind: "part", from, to });

it.each<[string | null, object]>([
  [null, whole],
  ["bytes=0-9", part(0, 10)],
  ["Bytes=90-", part(90, 100)],
  ["bytes=-10", part(90, 100)],
  ["bytes=-1000", part(0, 100)],
  ["bytes=99-99", part(99, 100)],
  ["bytes=50-1000", part(50, 100)],
  ["bytes=100-", none],
  ["bytes=100-200", none],
  ["bytes=99999999999999999999-", none],
  ["bytes=-0", none],
  ["bytes=9-0", whole],
  ["bytes=-", whole],
  ["bytes=", whole],
  ["bytes=a-b", whole],
  ["bytes=0-1,3-4", whole],
  ["lines=0-9", whole],
  ["bytes=-1-5", whole],
])("of 100 bytes, Range %s wants %j", (range, wanted) => {
  expect(byteRangeOf({ range, ifRange: null }, { bytes: 100, etag: '"a"' })).toEqual(wanted);
});

it.each([
  ['"a"', part(0, 10)],
  ['"b"', whole],
  ['W/"a"', whole],
  ["Thu, 15 Jan 2026 02:00:00 GMT", whole],
])("a range is minded only where If-Range still holds: %s", (ifRange, wanted) => {
  expect(byteRangeOf({ range: "bytes=0-9", ifRange }, { bytes: 100, etag: '"a"' })).toEqual(wanted);
});

it("nothing is a part of an empty file", () => {
  expect(byteRangeOf({ range: "bytes=0-", ifRange: null }, { bytes: 0, etag: '"a"' })).toEqual(none);
  expect(byteRangeOf({ range: null, ifRange: null }, { bytes: 0, etag: '"a"' })).toEqual(whole);
});
