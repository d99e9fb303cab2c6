import { expect, it } from "vitest";
import { linearPattern } from "../../../../src/domain/recipes/linearPattern.ts";

function fitting(pattern: string, values: readonly string[]): string[] {
  const read = linearPattern(pattern);
  if (read.kind === "refused") throw new Error(read.message);
  return values.filter((one) => read.fits(one));
}

it.each([
  ["(?:x)|(?:y|yy)z", ["x", "yyz"], ["xz", "yy", "ayyz"]],
  ["a|ab", ["a", "ab"], ["abc", "b"]],
  ["^a$", ["a"], ["a\n", "^a$"]],
  [".{2}", ["ü😀"], ["ü", "ü😀a"]],
  ["[a-z]{1,500}", ["a".repeat(500)], ["A"]],
  [String.raw`\d+\.\d+\.\d+`, ["1.34.1"], ["1.34", "1.34.1-rc", "١.٢.٣"]],
])("%s fits a value as a whole", (pattern, fit, unfit) => {
  expect(fitting(pattern, [...fit, ...unfit])).toEqual(fit);
});
