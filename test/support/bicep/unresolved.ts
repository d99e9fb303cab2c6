import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expressionsOf, withNested } from "./declarations.ts";
import { FORBIDDEN_FUNCTIONS, FUNCTIONS } from "./functions.ts";
import { type BicepFile, childrenOf, type Declaration, type Expression, partsOf, type Resource } from "./syntax.ts";

/** Names that nothing has, functions that are not known, too many values or too few. */
export function unresolved({ declarations, path }: BicepFile): string[] {
  const known = new Set(declarations.filter(({ kind }) => kind !== "output").map(({ name }) => name));

  function look(expression: Expression, names: ReadonlySet<string>): string[] {
    const within = (more: (string | undefined)[], one: Expression) =>
      look(one, new Set([...names, ...more.flatMap((name) => name ?? [])]));
    switch (expression.kind) {
      case "name":
        return names.has(expression.name) ? [] : [`line ${expression.line}: nothing is called ${expression.name}`];
      case "lambda":
        return within(expression.parameters, expression.body);
      case "for":
        return [...look(expression.over, names), ...within([expression.variable, expression.index], expression.body)];
      case "call":
        return [...wrongCall(expression, path), ...expression.values.flatMap((value) => look(value, names))];
      default:
        return childrenOf(expression).flatMap((child) => look(child, names));
    }
  }

  const deep = (declaration: Declaration, names: ReadonlySet<string>): string[] => {
    if (declaration.kind !== "resource") return expressionsOf(declaration).flatMap((one) => look(one, names));
    const inner = new Set([...names, ...declaration.within.map(({ name }) => name)]);
    return [
      ...expressionsOf(declaration).flatMap((one) => look(one, inner)),
      ...declaration.within.flatMap((one) => deep(one, loopNames(declaration.body, inner))),
    ];
  };
  return [...declarations.flatMap((declaration) => deep(declaration, known)), ...wrongNested(declarations)];
}

const loopNames = (body: Expression, names: ReadonlySet<string>): ReadonlySet<string> =>
  body.kind === "for" ? new Set([...names, body.variable, ...(body.index ? [body.index] : [])]) : names;

/** `account::blobService::container`, where none of them is called so. */
function wrongNested(declarations: Declaration[]): string[] {
  function resourceOf(expression: Expression): Resource | undefined {
    if (expression.kind === "index") return resourceOf(expression.of);
    if (expression.kind === "name") {
      const found = declarations.find(({ name }) => name === expression.name);
      return found?.kind === "resource" ? found : undefined;
    }
    if (expression.kind !== "nested") return undefined;
    return resourceOf(expression.of)?.within.find(({ name }) => name === expression.name);
  }
  const parts = declarations
    .flatMap(withNested)
    .flatMap(expressionsOf)
    .flatMap((one) => [...partsOf(one)]);
  return parts.flatMap((part) =>
    part.kind === "nested" && !resourceOf(part) ? [`no resource is called ${part.name} there`] : [],
  );
}

function wrongCall({ name, values, line }: Expression & { kind: "call" }, path: string): string[] {
  const found = FUNCTIONS.get(name);
  if (FORBIDDEN_FUNCTIONS.has(name)) return [`line ${line}: ${name} has no place here`];
  if (!found) return [`line ${line}: no function is called ${name}`];
  const [first] = values;
  if (/^load\w+Content$/.test(name)) {
    if (first?.kind !== "literal") return [`line ${line}: ${name} takes a plain path`];
    if (!existsSync(join(dirname(path), String(first.value)))) return [`line ${line}: there is no ${first.value}`];
  }
  return values.length < found.least || values.length > found.most
    ? [`line ${line}: ${name} does not take ${values.length} values`]
    : [];
}
