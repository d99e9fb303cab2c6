import { compare, isOperator } from "./conditionOperators.ts";
import { ConditionError, type Token, tokensOf } from "./conditionTokens.ts";

/** An ABAC condition, version 2.0, as a tree. */
export type Condition =
  | { kind: "or" | "and"; left: Condition; right: Condition }
  | { kind: "not"; of: Condition }
  | { kind: "action-matches"; pattern: string }
  | { kind: "sub-operation-matches"; name: string }
  | { kind: "exists"; attribute: string }
  | { kind: "comparison"; attribute: string; operator: string; quantifier: string | undefined; values: Operand };

type Operand = { attribute: string } | { literals: string[] };

/** What a condition is held against. Attributes by `@Source[name]` in lower case. */
interface Circumstances {
  action: string;
  subOperation?: string;
  attributes: Record<string, string | undefined>;
}

const QUANTIFIED = /^(?:(ForAnyOfAnyValues|ForAllOfAnyValues|ForAnyOfAllValues|ForAllOfAllValues):)?(\w+)$/i;
const GUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
/** More than anybody writes, and few enough for the tree to be walked, whether they are nested or in a row. */
const MOST_TERMS = 1000;

/** @throws ConditionError saying where and what. */
export function parseCondition(text: string): Condition {
  const tokens = tokensOf(text);
  let next = 0;
  let terms = 0;
  const peek = (symbol: string) => tokens[next]?.kind !== "string" && tokens[next]?.text.toLowerCase() === symbol;
  const take = (): Token => {
    const token = tokens[next++];
    if (!token) throw new ConditionError("The condition ends too early.");
    return token;
  };
  const accept = (...symbols: string[]) => symbols.some(peek) && Boolean(take());
  const expect = (symbol: string) => {
    const token = take();
    if (token.kind !== "symbol" || token.text !== symbol) {
      throw new ConditionError(`Expected '${symbol}' at position ${token.at}, not '${token.text}'.`);
    }
  };
  const expectOf = (kind: Token["kind"]): string => {
    const token = take();
    if (token.kind !== kind)
      throw new ConditionError(`Expected a ${kind} at position ${token.at}, not '${token.text}'.`);
    return token.text;
  };

  function disjunction(): Condition {
    let left = conjunction();
    while (accept("or", "||")) left = { kind: "or", left, right: conjunction() };
    return left;
  }

  function conjunction(): Condition {
    let left = term();
    while (accept("and", "&&")) left = { kind: "and", left, right: term() };
    return left;
  }

  function term(): Condition {
    if (++terms > MOST_TERMS) throw new ConditionError(`The condition has more than ${MOST_TERMS} terms.`);
    if (accept("not", "!")) return { kind: "not", of: term() };
    if (accept("(")) {
      const inner = disjunction();
      expect(")");
      return inner;
    }
    if (accept("actionmatches")) return { kind: "action-matches", pattern: braced() };
    if (accept("suboperationmatches")) return { kind: "sub-operation-matches", name: braced() };
    if (accept("exists")) return { kind: "exists", attribute: expectOf("attribute") };
    if (accept("notexists")) return { kind: "not", of: { kind: "exists", attribute: expectOf("attribute") } };
    return comparison();
  }

  function braced(): string {
    expect("{");
    const value = expectOf("string");
    expect("}");
    return value;
  }

  function comparison(): Condition {
    const attribute = expectOf("attribute");
    const word = expectOf("word");
    const [, quantifier, operator = ""] = QUANTIFIED.exec(word) ?? [];
    if (!isOperator(operator)) throw new ConditionError(`'${word}' is not an operator.`);
    const values = operand(operator);
    if (!quantifier && "literals" in values && values.literals.length !== 1) {
      throw new ConditionError(`'${operator}' compares with one value; a list needs ForAnyOfAnyValues or its like.`);
    }
    return { kind: "comparison", attribute, operator, quantifier: quantifier?.toLowerCase(), values };
  }

  function operand(operator: string): Operand {
    if (tokens[next]?.kind === "attribute") return { attribute: take().text };
    if (!accept("{")) return { literals: [literal(operator)] };
    const literals = [literal(operator)];
    while (accept(",")) literals.push(literal(operator));
    expect("}");
    return { literals };
  }

  /** GUIDs stand bare, strings in quotes. */
  function literal(operator: string): string {
    if (!/^guid/i.test(operator)) return expectOf("string");
    const word = expectOf("word");
    if (!GUID.test(word)) throw new ConditionError(`'${word}' is not a GUID.`);
    return word;
  }

  const condition = disjunction();
  const rest = tokens[next];
  if (rest) throw new ConditionError(`Unexpected '${rest.text}' at position ${rest.at}.`);
  return condition;
}

export function isMet(condition: Condition, circumstances: Circumstances): boolean {
  switch (condition.kind) {
    case "or":
      return isMet(condition.left, circumstances) || isMet(condition.right, circumstances);
    case "and":
      return isMet(condition.left, circumstances) && isMet(condition.right, circumstances);
    case "not":
      return !isMet(condition.of, circumstances);
    case "action-matches":
      return compare("StringLikeIgnoreCase", circumstances.action, condition.pattern);
    case "sub-operation-matches":
      return circumstances.subOperation?.toLowerCase() === condition.name.toLowerCase();
    case "exists":
      return circumstances.attributes[condition.attribute.toLowerCase()] !== undefined;
    default:
      return comparisonHolds(condition, circumstances);
  }
}

/** An attribute that is not there meets no comparison. Each attribute here has one value. */
function comparisonHolds(
  { attribute, operator, quantifier, values }: Condition & { kind: "comparison" },
  { attributes }: Circumstances,
): boolean {
  const actual = attributes[attribute.toLowerCase()];
  if (actual === undefined) return false;
  const expected = "literals" in values ? values.literals : [attributes[values.attribute.toLowerCase()]];
  const holds = (value: string | undefined) => value !== undefined && compare(operator, actual, value);
  return quantifier?.endsWith("ofallvalues") ? expected.every(holds) : expected.some(holds);
}

/** Whether any comparison is one of GUIDs: roles with storage data actions do not work with such. */
export function comparesGuids(condition: Condition): boolean {
  switch (condition.kind) {
    case "or":
    case "and":
      return comparesGuids(condition.left) || comparesGuids(condition.right);
    case "not":
      return comparesGuids(condition.of);
    case "comparison":
      return /^guid/i.test(condition.operator);
    default:
      return false;
  }
}
