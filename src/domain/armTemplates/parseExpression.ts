import { TemplateFault } from "./templateFault.ts";

/** ARM's own limit. */
const LONGEST_EXPRESSION = 24_576;
const DEEPEST = 100;

export type Expression =
  | { kind: "literal"; value: string | number }
  /** Its name as written; one of the template's own functions has its namespace before it. */
  | { kind: "call"; name: string; args: Expression[] }
  | { kind: "property"; of: Expression; name: string }
  | { kind: "index"; of: Expression; index: Expression };

type Token = { kind: "name" | "text" | "number" | "sign"; text: string };

/** Whether ARM evaluates a string: it begins with one bracket and ends with the other. */
export function isExpression(text: string): boolean {
  return text.startsWith("[") && !text.startsWith("[[") && text.endsWith("]");
}

/** What a string stands for that is no expression: `[[x]` is the text `[x]`. */
export function unescaped(text: string): string {
  return text.startsWith("[[") && text.endsWith("]") ? text.slice(1) : text;
}

/** Commands of a shell begin and end so as well. */
const ESCAPE = ": a text from [ to ] is an expression, and one that is none begins with [[";

/** @throws TemplateFault */
export function parseExpression(text: string): Expression {
  if (text.length > LONGEST_EXPRESSION) {
    throw new TemplateFault(`has an expression longer than ${LONGEST_EXPRESSION} characters, which ARM does not take`);
  }
  const tokens = tokensOf(text.slice(1, -1));
  let at = 0;
  let depth = 0;
  const isSign = (sign: string) => tokens[at]?.kind === "sign" && tokens[at]?.text === sign;
  const unexpected = () =>
    new TemplateFault(
      tokens[at] ? `has an unexpected ${tokens[at]?.text}${ESCAPE}` : "has an expression that ends too soon",
    );
  const expect = (sign: string) => {
    if (!isSign(sign)) throw unexpected();
    at++;
  };
  const list = (end: string): Expression[] => {
    const items: Expression[] = [];
    while (!isSign(end)) {
      if (items.length > 0) expect(",");
      items.push(whole());
    }
    at++;
    return items;
  };
  const first = (): Expression => {
    const token = tokens[at++];
    if (token?.kind === "text") return { kind: "literal", value: token.text };
    if (token?.kind === "number") return { kind: "literal", value: Number(token.text) };
    if (token?.kind === "name") {
      let name = token.text;
      // A function of the template's own: `contoso.imageName(…)`.
      if (isSign(".") && tokens[at + 1]?.kind === "name") {
        name += `.${tokens[at + 1]?.text}`;
        at += 2;
      }
      if (isSign("(")) {
        at++;
        return { kind: "call", name, args: list(")") };
      }
    }
    at--;
    throw unexpected();
  };
  const whole = (): Expression => {
    if (++depth > DEEPEST) throw new TemplateFault("has an expression nested too deeply");
    let expression = first();
    for (;;) {
      if (isSign(".")) {
        at++;
        const token = tokens[at++];
        if (token?.kind !== "name") {
          at--;
          throw unexpected();
        }
        expression = { kind: "property", of: expression, name: token.text };
      } else if (isSign("[")) {
        at++;
        expression = { kind: "index", of: expression, index: whole() };
        expect("]");
      } else break;
    }
    depth--;
    return expression;
  };
  const expression = whole();
  if (at < tokens.length) throw unexpected();
  return expression;
}

function tokensOf(text: string): Token[] {
  const pattern =
    /\s+|(?<name>[A-Za-z_][\w-]*)|'(?<text>(?:[^']|'')*)'|(?<number>-?\d+(?:\.\d+)?)|(?<sign>[()[\],.])/uy;
  const tokens: Token[] = [];
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex;
    const groups = pattern.exec(text)?.groups;
    if (!groups) {
      const left = text.slice(from, from + 20);
      throw new TemplateFault(
        left.startsWith("'") ? "has a text without its closing quote" : `has an unexpected ${left.trim()}${ESCAPE}`,
      );
    }
    if (groups["name"] !== undefined) tokens.push({ kind: "name", text: groups["name"] });
    else if (groups["text"] !== undefined) tokens.push({ kind: "text", text: groups["text"].replaceAll("''", "'") });
    else if (groups["number"] !== undefined) tokens.push({ kind: "number", text: groups["number"] });
    else if (groups["sign"] !== undefined) tokens.push({ kind: "sign", text: groups["sign"] });
  }
  return tokens;
}
