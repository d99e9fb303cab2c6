type Comparison = (actual: string, expected: string) => boolean;

/** `*` is any text, `?` any character. */
export function isLike(text: string, pattern: string, ignoreCase: boolean): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, ignoreCase ? "is" : "s").test(text);
}

const positive: Record<string, Comparison> = {
  stringequals: (actual, expected) => actual === expected,
  stringequalsignorecase: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  stringstartswith: (actual, expected) => actual.startsWith(expected),
  stringstartswithignorecase: (actual, expected) => actual.toLowerCase().startsWith(expected.toLowerCase()),
  stringlike: (actual, expected) => isLike(actual, expected, false),
  stringlikeignorecase: (actual, expected) => isLike(actual, expected, true),
  guidequals: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
};

/** `StringNotLike` of `StringLike`, and so for each. */
const operators: Record<string, Comparison> = {
  ...positive,
  ...Object.fromEntries(
    Object.entries(positive).map(([name, holds]) => [
      name.replace(/^(string|guid)/, "$1not"),
      (actual: string, expected: string) => !holds(actual, expected),
    ]),
  ),
};

export function isOperator(name: string): boolean {
  return Object.hasOwn(operators, name.toLowerCase());
}

export function compare(operator: string, actual: string, expected: string): boolean {
  return operators[operator.toLowerCase()]?.(actual, expected) ?? false;
}
