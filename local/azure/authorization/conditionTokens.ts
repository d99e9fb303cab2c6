/** The words of a condition: brackets, strings, attributes, operators, and bare words such as GUIDs. */
export interface Token {
  kind: "symbol" | "string" | "attribute" | "word";
  /** Of a string its value, of an attribute `@Request[…]` without spaces. */
  text: string;
  at: number;
}

/** A condition that Azure would not take. */
export class ConditionError extends Error {}

const TOKEN = /\s*(?:([(){},]|&&|\|\||!)|'((?:[^'\\]|\\.|'')*)'|(@\w+\s*\[[^\]]+\])|([\w.:<>$-]+))/y;

export function tokensOf(condition: string): Token[] {
  const tokens: Token[] = [];
  const end = condition.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(condition);
    if (!match) throw new ConditionError(`Unexpected character at position ${at}.`);
    const [, symbol, string, attribute, word] = match;
    if (symbol !== undefined) tokens.push({ kind: "symbol", text: symbol, at });
    else if (string !== undefined) tokens.push({ kind: "string", text: string.replaceAll("''", "'"), at });
    else if (attribute !== undefined) tokens.push({ kind: "attribute", text: attribute.replace(/\s/g, ""), at });
    else tokens.push({ kind: "word", text: word ?? "", at });
  }
  return tokens;
}
