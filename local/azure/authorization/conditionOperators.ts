type Comparison = (actual: string, expected: string) => boolean;

/**
 * `*` is any text, `?` any character. Not by a regular expression: a pattern of many stars would keep it busy for hours,
 * and anybody may write one into a role.
 */
export function isLike(text: string, pattern: string, ignoreCase: boolean): boolean {
  const [actual, wanted] = ignoreCase ? [text.toLowerCase(), pattern.toLowerCase()] : [text, pattern];
  let at = 0;
  let next = 0;
  /** The newest star, and where what it stands for ends as far as is known. */
  let star = -1;
  let end = 0;
  while (at < actual.length) {
    if (wanted[next] === "*") {
      star = next++;
      end = at;
    } else if (wanted[next] === "?" || wanted[next] === actual[at]) {
      at++;
      next++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++end;
    } else return false;
  }
  return /^\**$/.test(wanted.slice(next));
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
