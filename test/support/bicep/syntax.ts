/** What a Bicep file says, as far as infra/ uses the language. */
export type Expression =
  | { kind: "literal"; value: string | number | boolean | null }
  /** A string with interpolations. */
  | { kind: "text"; parts: Expression[] }
  | { kind: "name"; name: string; line: number }
  | { kind: "array"; items: Expression[] }
  | { kind: "object"; properties: Property[] }
  | { kind: "call"; name: string; values: Expression[]; line: number }
  | { kind: "member"; of: Expression; name: string }
  | { kind: "index"; of: Expression; index: Expression }
  /** A resource within another: `account::blobService`. */
  | { kind: "nested"; of: Expression; name: string }
  | { kind: "unary"; operator: string; of: Expression }
  | { kind: "binary"; operator: string; left: Expression; right: Expression }
  | { kind: "ternary"; condition: Expression; chosen: Expression; otherwise: Expression }
  | { kind: "lambda"; parameters: string[]; body: Expression }
  | Loop
  /** The body of a resource or module that is made only under a condition. */
  | { kind: "if"; condition: Expression; body: Expression };

export interface Loop {
  kind: "for";
  variable: string;
  index: string | undefined;
  over: Expression;
  body: Expression;
}

export interface Property {
  name: Expression;
  value: Expression;
}

interface Declared {
  name: string;
  line: number;
  decorators: { name: string; values: Expression[] }[];
}

export type Parameter = Declared & { kind: "parameter"; type: string; standard: Expression | undefined };
export type Variable = Declared & { kind: "variable"; value: Expression };
export type Resource = Declared & {
  kind: "resource";
  /** Of a nested one without that of what it lies in: `blobServices`. */
  type: string;
  /** Undefined where a nested one takes it over. */
  version: string | undefined;
  isExisting: boolean;
  body: Expression;
  within: Resource[];
};
export type Module = Declared & { kind: "module"; path: string; body: Expression };
export type Output = Declared & { kind: "output"; type: string; value: Expression };
export type Declaration = Parameter | Variable | Resource | Module | Output;

export interface BicepFile {
  /** Absolute. */
  path: string;
  text: string;
  /** Lines that are not the language's. */
  errors: string[];
  scope: "resourceGroup" | "subscription";
  declarations: Declaration[];
}

/** Each expression that it is made of, itself first. */
export function* partsOf(expression: Expression): Generator<Expression> {
  yield expression;
  for (const part of childrenOf(expression)) yield* partsOf(part);
}

export function childrenOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case "literal":
    case "name":
      return [];
    case "text":
      return expression.parts;
    case "array":
      return expression.items;
    case "object":
      return expression.properties.flatMap(({ name, value }) => [name, value]);
    case "call":
      return expression.values;
    case "member":
    case "nested":
    case "unary":
      return [expression.of];
    case "index":
      return [expression.of, expression.index];
    case "binary":
      return [expression.left, expression.right];
    case "ternary":
      return [expression.condition, expression.chosen, expression.otherwise];
    case "lambda":
      return [expression.body];
    case "for":
      return [expression.over, expression.body];
    default:
      return [expression.condition, expression.body];
  }
}

/** The object that says what a resource or module is, without its loop and its condition. */
export function bodyOf(expression: Expression): Expression & { kind: "object" } {
  if (expression.kind === "for" || expression.kind === "if") return bodyOf(expression.body);
  if (expression.kind !== "object") throw new Error(`An object wanted, not ${expression.kind}`);
  return expression;
}

export function propertyOf(expression: Expression, wanted: string): Expression | undefined {
  if (expression.kind !== "object") return undefined;
  return expression.properties.find(({ name }) => name.kind === "literal" && name.value === wanted)?.value;
}
