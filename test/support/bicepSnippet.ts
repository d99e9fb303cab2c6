/**
 * Reads Bicep as far as findings have it: comments, a target scope, resources, an object, or properties of one. No
 * substitute for the compiler, and stricter than it: what it does not know, it refuses.
 */
export type Value = string | number | boolean | Value[] | { [name: string]: Value } | Expression;

/** A call, or a name of something else in the file. */
export class Expression {
  readonly name: string;
  readonly values: Value[] | undefined;

  constructor(name: string, values?: Value[]) {
    this.name = name;
    this.values = values;
  }
}

export type Statement =
  | { kind: "comment"; text: string }
  | { kind: "scope"; value: Value }
  | { kind: "resource"; symbol: string; type: string; version: string; isExisting: boolean; body: Value }
  | { kind: "property"; name: string; value: Value }
  | { kind: "object"; value: Value };

const TOKEN = /[ \t]*(?:(\/\/[^\n]*)|('(?:[^'\\\n]|\\['\\$nrt])*')|(\d+)|([A-Za-z_][\w.]*)|([\n{}[\]():=,]))/y;
const TYPE = /^(Microsoft\.[A-Za-z]+(?:\/[A-Za-z]+)+)@(\d{4}-\d\d-\d\d(?:-preview)?)$/;

/** @throws Error where it is not Bicep, or nothing that a finding needs. */
export function parseBicep(text: string): Statement[] {
  const tokens = tokensOf(text);
  let at = 0;
  const fail = (wanted: string): never => {
    throw new Error(`${wanted} wanted, not ${tokens[at] ?? "the end"}, in:\n${text}`);
  };
  const take = (wanted: string) => (tokens[at] === wanted ? tokens[at++] : fail(wanted));
  const next = () => tokens[at++] ?? fail("more");
  const skipLines = () => {
    while (tokens[at] === "\n") at++;
  };

  function value(): Value {
    const token = next();
    if (token === "{") return object();
    if (token === "[") return list();
    if (token.startsWith("'")) return plain(token);
    if (/^\d+$/.test(token)) return Number(token);
    if (token === "true" || token === "false") return token === "true";
    if (!/^[A-Za-z_]/.test(token)) fail("a value");
    if (tokens[at] !== "(") return new Expression(token);
    take("(");
    const values: Value[] = [];
    while (tokens[at] !== ")") {
      if (values.length > 0) take(",");
      values.push(value());
    }
    take(")");
    return new Expression(token, values);
  }

  /** Each on a line of its own, without commas. */
  function list(): Value[] {
    const values: Value[] = [];
    while ((skipLines(), tokens[at] !== "]")) {
      values.push(value());
      if (tokens[at] !== "]") take("\n");
    }
    take("]");
    return values;
  }

  function object(): { [name: string]: Value } {
    const properties: { [name: string]: Value } = {};
    while ((skipLines(), tokens[at] !== "}")) {
      const token = next();
      const name = token.startsWith("'") ? plain(token) : token;
      if (Object.hasOwn(properties, name)) fail(`only one ${name}`);
      take(":");
      properties[name] = value();
      if (tokens[at] !== "}") take("\n");
    }
    take("}");
    return properties;
  }

  function statement(): Statement {
    const token = next();
    if (token.startsWith("//")) return { kind: "comment", text: token.slice(2).trim() };
    if (token === "targetScope") return (take("="), { kind: "scope", value: value() });
    if (token === "{") return { kind: "object", value: object() };
    if (token !== "resource") return (take(":"), { kind: "property", name: token, value: value() });
    const symbol = next();
    if (!/^[A-Za-z_]\w*$/.test(symbol)) fail("a symbolic name");
    const [, type = "", version = ""] = TYPE.exec(plain(next())) ?? fail("a resource type with its version");
    const isExisting = tokens[at] === "existing" && next() !== "";
    take("=");
    return { kind: "resource", symbol, type, version, isExisting, body: value() };
  }

  const statements: Statement[] = [];
  while ((skipLines(), at < tokens.length)) {
    statements.push(statement());
    if (at < tokens.length) take("\n");
  }
  return statements;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const [found] = TOKEN.exec(text) ?? [];
    if (found === undefined) throw new Error(`No Bicep from ${text.slice(from, from + 20)}, in:\n${text}`);
    tokens.push(found.trim() || "\n");
  }
  return tokens;
}

function plain(token: string): string {
  if (!/^'.*'$/.test(token)) throw new Error(`A string wanted, not ${token}`);
  return token.slice(1, -1).replaceAll(/\\(.)/g, (_, one: string) => ({ n: "\n", r: "\r", t: "\t" })[one] ?? one);
}
