import type { Node } from "web-tree-sitter";
import type { Expression, Property } from "./syntax.ts";

/** An operand, or what stands before, between or behind operands. */
type Part = Expression | { kind: "operator"; text: string } | { kind: "behind"; wrap: (of: Expression) => Expression };

/** How tightly they hold; what is not among them holds nothing. */
const BINARY = new Map(
  [["??"], ["||"], ["&&"], ["==", "!=", "=~", "!~"], ["<", "<=", ">", ">="], ["+", "-"], ["*", "/", "%"]].flatMap(
    (operators, tightness) => operators.map((one) => [one, tightness + 2] as const),
  ),
);

/**
 * The grammar accepts what Bicep does, but ties some of it otherwise: of `a ? b : c.d` it takes `.d` off the whole. So
 * what has no brackets is laid out in a row, and put together again by Bicep's own precedence.
 *
 * @throws Error where it is of a kind that these tests do not know: object spread, say.
 */
export function expressionOf(node: Node): Expression {
  const row = rowOf(node);
  let at = 0;
  const fail = (): never => {
    throw new Error(`Not understood: ${node.text}`);
  };
  const operator = () => {
    const part = row[at];
    return part?.kind === "operator" ? part.text : undefined;
  };

  function operand(): Expression {
    const text = operator();
    if (text === "!" || text === "-") {
      at++;
      return { kind: "unary", operator: text, of: operand() };
    }
    let part = row[at++] ?? fail();
    if (part.kind === "operator" || part.kind === "behind") return fail();
    for (let next = row[at]; next?.kind === "behind"; next = row[++at]) part = next.wrap(part);
    return part;
  }

  function binary(least: number): Expression {
    let left = operand();
    for (;;) {
      const text = operator() ?? "";
      const tightness = BINARY.get(text);
      if (tightness === undefined || tightness < least) return left;
      at++;
      left = { kind: "binary", operator: text, left, right: binary(tightness + 1) };
    }
  }

  function whole(): Expression {
    if (row[at + 1]?.kind === "operator" && (row[at + 1] as { text: string }).text === "=>") {
      const parameters = row[at] as Expression;
      at += 2;
      return { kind: "lambda", parameters: namesOf(parameters), body: whole() };
    }
    const condition = binary(0);
    if (operator() !== "?") return condition;
    at++;
    const chosen = whole();
    if (operator() !== ":") fail();
    at++;
    return { kind: "ternary", condition, chosen, otherwise: whole() };
  }

  const expression = whole();
  return at === row.length ? expression : fail();
}

const symbol = (text: string): Part => ({ kind: "operator", text });

function rowOf(node: Node): Part[] {
  const field = (name: string) => node.childForFieldName(name) ?? missing(node);
  switch (node.type) {
    case "binary_expression":
      return [...rowOf(field("left")), symbol(field("operator").text), ...rowOf(field("right"))];
    case "unary_expression":
      return [symbol(field("operator").text), ...rowOf(field("argument"))];
    case "ternary_expression":
      return [
        ...rowOf(field("condition")),
        symbol("?"),
        ...rowOf(field("consequence")),
        symbol(":"),
        ...rowOf(field("alternative")),
      ];
    case "lambda_expression": {
      const [parameters = missing(node), body = missing(node)] = told(node);
      return [lambdaNames(parameters), symbol("=>"), ...rowOf(body)];
    }
    case "member_expression": {
      // `made!.outputs` only tells the compiler that it is there.
      if (node.children.some((child) => child?.type === ".?")) missing(node);
      const name = field("property").text;
      return [...rowOf(field("object")), { kind: "behind", wrap: (of) => ({ kind: "member", of, name }) }];
    }
    case "subscript_expression": {
      const index = expressionOf(field("index"));
      return [...rowOf(field("object")), { kind: "behind", wrap: (of) => ({ kind: "index", of, index }) }];
    }
    case "resource_expression": {
      const name = field("resource").text;
      return [...rowOf(field("object")), { kind: "behind", wrap: (of) => ({ kind: "nested", of, name }) }];
    }
    case "call_expression": {
      const values = told(field("arguments")).map(expressionOf);
      const line = node.startPosition.row + 1;
      const wrap = (of: Expression): Expression => {
        if (of.kind === "name") return { kind: "call", name: of.name, values, line };
        // `account.listKeys()`, `az.resourceId()`
        if (of.kind === "member") return { kind: "call", name: of.name, values: [of.of, ...values], line };
        throw new Error(`Not a function: ${node.text}`);
      };
      return [...rowOf(field("function")), { kind: "behind", wrap }];
    }
    default:
      return [atomOf(node)];
  }
}

function atomOf(node: Node): Expression {
  switch (node.type) {
    case "string":
      return stringOf(node);
    case "number":
      return { kind: "literal", value: Number(node.text) };
    case "boolean":
      return { kind: "literal", value: node.text === "true" };
    case "null":
      return { kind: "literal", value: null };
    case "identifier":
      return { kind: "name", name: node.text, line: node.startPosition.row + 1 };
    case "parenthesized_expression":
      return expressionOf(told(node)[0] ?? missing(node));
    case "array":
      return { kind: "array", items: told(node).map(expressionOf) };
    case "object":
      return { kind: "object", properties: told(node).flatMap(propertiesOf) };
    case "for_statement":
      return loopOf(node);
    case "if_statement": {
      const [condition = missing(node), body = missing(node)] = told(node);
      return { kind: "if", condition: expressionOf(condition), body: expressionOf(body) };
    }
    default:
      return missing(node);
  }
}

/** Nested resources and what decorates them are no properties. */
function propertiesOf(node: Node): Property[] {
  const [name = missing(node), value] = told(node);
  if (node.type === "decorators" || name.type === "resource_declaration") return [];
  if (node.type !== "object_property" || !value) return missing(node);
  const known = name.type === "string" ? stringOf(name) : ({ kind: "literal", value: name.text } as const);
  return [{ name: known, value: expressionOf(value) }];
}

function loopOf(node: Node): Expression {
  const [variable = missing(node), over = missing(node), body = missing(node)] = told(node);
  const [one = "", index] = variable.type === "identifier" ? [variable.text] : told(variable).map(({ text }) => text);
  return { kind: "for", variable: one, index, over: expressionOf(over), body: expressionOf(body) };
}

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

/** The text of a string lies between its named parts as well: `$` and `#` are of no kind of their own. */
export function stringOf(node: Node): Expression {
  if (node.text.startsWith("'''")) {
    return { kind: "literal", value: node.text.slice(3, -3).replace(/^\r?\n/, "") };
  }
  const parts: Expression[] = [];
  const from = node.startIndex;
  let at = from + 1;
  const plain = (until: number) => {
    const text = node.text.slice(at - from, until - from);
    const value = text.replaceAll(/\\(u\{([\da-f]+)\}|.)/gi, (_, one: string, code?: string) =>
      code ? String.fromCodePoint(Number.parseInt(code, 16)) : (ESCAPES[one] ?? one),
    );
    if (value) parts.push({ kind: "literal", value });
  };
  for (const interpolation of told(node).filter(({ type }) => type === "interpolation")) {
    plain(interpolation.startIndex);
    parts.push(expressionOf(told(interpolation)[0] ?? missing(node)));
    at = interpolation.endIndex;
  }
  plain(node.endIndex - 1);
  const [only] = parts;
  if (parts.length === 0) return { kind: "literal", value: "" };
  return parts.length === 1 && only?.kind === "literal" ? only : { kind: "text", parts };
}

const lambdaNames = (node: Node): Expression => ({
  kind: "array",
  items: (node.type === "identifier" ? [node] : told(node)).map(({ text }) => ({
    kind: "name",
    name: text,
    line: node.startPosition.row + 1,
  })),
});

const namesOf = (list: Expression): string[] =>
  list.kind === "array" ? list.items.flatMap((item) => (item.kind === "name" ? [item.name] : [])) : [];

/** What it is made of, without its brackets and comments. */
export function told(node: Node): Node[] {
  return node.namedChildren.filter(
    (child) => child !== null && child.type !== "comment" && child.type !== "diagnostic_comment",
  ) as Node[];
}

function missing(node: Node): never {
  throw new Error(`Not known to these tests (${node.type}, line ${node.startPosition.row + 1}): ${node.text}`);
}
