import { describe, expect, it } from "vitest";
import { isMet, parseCondition } from "../../local/azure/authorization/condition.ts";
import { isLike } from "../../local/azure/authorization/conditionOperators.ts";
import { ConditionError } from "../../local/azure/authorization/conditionTokens.ts";

const GUID = "0d6d1d3f-5b5e-5a52-9d0c-8f3a5b1e7c01";
const WRITE = "Microsoft.Authorization/roleAssignments/write";

const met = (condition: string, attributes: Record<string, string> = {}, action = WRITE) =>
  isMet(parseCondition(condition), {
    action,
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), value])),
  });

describe("ABAC conditions", () => {
  it.each<[string, Record<string, string>, boolean]>([
    ["@Request[a:b] StringEquals 'x'", { "@Request[a:b]": "x" }, true],
    ["@Request[a:b] StringEquals 'x'", { "@Request[a:b]": "X" }, false],
    ["@Request[a:b] StringEqualsIgnoreCase 'x'", { "@Request[a:b]": "X" }, true],
    ["@Request[a:b] StringNotEquals 'x'", { "@Request[a:b]": "y" }, true],
    ["@Request[a:b] StringNotEquals 'x'", {}, false],
    ["@Resource[a:b] StringStartsWith 'logs'", { "@Resource[a:b]": "logs/1" }, true],
    ["@Resource[a:b] StringLike 'l?gs/*'", { "@Resource[a:b]": "logs/1" }, true],
    [`@Request[a:b] GuidEquals ${GUID}`, { "@Request[a:b]": GUID.toUpperCase() }, true],
    [
      `@Request[a:b] ForAnyOfAnyValues:GuidEquals {${GUID}, 11111111-1111-1111-1111-111111111111}`,
      { "@Request[a:b]": GUID },
      true,
    ],
    ["@Request[a:b] ForAnyOfAnyValues:StringEquals {'x', 'y'}", { "@Request[a:b]": "y" }, true],
    ["@Request[a:b] ForAnyOfAllValues:StringNotEquals {'x', 'y'}", { "@Request[a:b]": "y" }, false],
    ["Exists @Request[a:b]", { "@Request[a:b]": "" }, true],
    ["NotExists @Request[a:b]", {}, true],
    [`ActionMatches{'${WRITE}'}`, {}, true],
    ["ActionMatches{'Microsoft.Authorization/*'}", {}, true],
    ["!(ActionMatches{'Microsoft.Storage/*'})", {}, true],
    ["NOT Exists @Request[a:b] AND Exists @Request[c:d]", { "@Request[c:d]": "1" }, true],
    ["Exists @Request[a:b] OR Exists @Request[c:d] AND Exists @Request[e:f]", { "@Request[a:b]": "1" }, true],
    ["(Exists @Request[a:b] || Exists @Request[c:d]) && Exists @Request[e:f]", { "@Request[a:b]": "1" }, false],
    ["@Request[a:b] StringEquals @Resource[c:d]", { "@Request[a:b]": "1", "@Resource[c:d]": "1" }, true],
    ["@Request[a:b] StringEquals 'it''s'", { "@Request[a:b]": "it's" }, true],
  ])("%s with %o is %s", (condition, attributes, expected) => {
    expect(met(condition, attributes)).toBe(expected);
  });

  it.each([
    ["", "an empty one"],
    ["@Request[a:b]", "an attribute alone"],
    ["@Request[a:b] StringEquals", "a comparison without a value"],
    ["@Request[a:b] StringEquals x", "a string without quotes"],
    ["@Request[a:b] GuidEquals 'x'", "a GUID in quotes"],
    ["@Request[a:b] GuidEquals 123", "a GUID that is none"],
    ["@Request[a:b] StringEqual 'x'", "an unknown operator"],
    ["@Request[a:b] constructor 'x'", "what every object has, instead of an operator"],
    ["@Request[a:b] __proto__ 'x'", "what every object has, for another"],
    ["@Request[a:b] StringEquals {'x', 'y'}", "a list without a quantifier"],
    ["(Exists @Request[a:b]", "an open bracket"],
    ["Exists @Request[a:b])", "a closing bracket too many"],
    ["ActionMatches('x')", "the wrong brackets"],
    ["@Request[a:b] StringEquals 'x' §", "a strange character"],
  ])("does not parse %j: %s", (condition) => {
    expect(() => parseCondition(condition)).toThrow(ConditionError);
  });

  it.each([
    ["", "", true],
    ["", "*", true],
    ["a", "", false],
    ["abc", "a*c", true],
    ["abc", "*b", false],
    ["abab", "*ab", true],
    ["a*c", "a*c*", true],
    ["abc", "A?C", true],
    ["ac", "a?c", false],
    ["a.c", "a.c", true],
    ["abc", "a.c", false],
  ])("%j is like %j: %s", (text, pattern, expected) => {
    expect(isLike(text, pattern, true)).toBe(expected);
  });

  it("is done at once with a pattern of many stars", () => {
    expect(isLike("a".repeat(5000), `${"*a".repeat(500)}x`, true)).toBe(false);
  });

  it.each([
    ["in brackets", "(".repeat(20_000)],
    ["negated", "!".repeat(20_000)],
    ["in a row", Array.from({ length: 20_000 }, () => "Exists @Request[a:b]").join(" OR ")],
  ])("does not parse thousands of terms, %s", (_, condition) => {
    expect(() => parseCondition(condition)).toThrow("more than 1000 terms");
  });
});
