import { expect, it } from "vitest";
import { isKnown } from "../../../src/http/etag.ts";

it.each<[string | null, boolean]>([
  [null, false],
  ["", false],
  ['W/"a"', true],
  ['"a"', true],
  ['"b"', false],
  ['"b", W/"a"', true],
  ["*", true],
  ["a", false],
])("an answer is known to whoever asks with If-None-Match %s: %s", (header, known) => {
  expect(isKnown(header, 'W/"a"')).toBe(known);
});
