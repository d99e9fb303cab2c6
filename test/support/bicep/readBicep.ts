import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Language, type Node, Parser } from "web-tree-sitter";
import { expressionOf, stringOf, told } from "./expressions.ts";
import type { BicepFile, Declaration, Expression, Resource } from "./syntax.ts";

await Parser.init();
const grammar = fileURLToPath(import.meta.resolve("tree-sitter-bicep/tree-sitter-bicep.wasm"));
const parser = new Parser();
parser.setLanguage(await Language.load(grammar));

/** @throws Error where it uses what these tests do not know of the language. */
export function readBicep(path: string, text: string = readFileSync(path, "utf8")): BicepFile {
  const root = parser.parse(text)?.rootNode;
  if (!root) throw new Error(`Not to be parsed: ${path}`);
  const errors = errorsIn(root);
  if (errors.length > 0) return { path, text, errors, scope: "resourceGroup", declarations: [] };
  const scope = told(root).find(({ type }) => type === "target_scope_assignment");
  return {
    path,
    text,
    errors,
    scope: scope?.text.includes("'subscription'") ? "subscription" : "resourceGroup",
    declarations: declarationsOf(told(root).filter(({ type }) => type !== "target_scope_assignment")),
  };
}

function errorsIn(node: Node): string[] {
  if (node.isError || node.isMissing) return [`line ${node.startPosition.row + 1}: ${node.text.slice(0, 60)}`];
  return node.hasError ? node.children.flatMap((child) => (child ? errorsIn(child) : [])) : [];
}

/** Decorators stand before what they decorate. */
function declarationsOf(nodes: Node[]): Declaration[] {
  let decorators: Declaration["decorators"] = [];
  const declarations: Declaration[] = [];
  for (const node of nodes) {
    if (node.type === "decorators") {
      decorators = told(node).map(decoratorOf);
      continue;
    }
    declarations.push(declarationOf(node, decorators));
    decorators = [];
  }
  return declarations;
}

function decoratorOf(node: Node): Declaration["decorators"][number] {
  const call = expressionOf(told(node)[0] ?? node);
  if (call.kind !== "call") throw new Error(`No decorator: ${node.text}`);
  return { name: call.name, values: call.values };
}

function declarationOf(node: Node, decorators: Declaration["decorators"]): Declaration {
  const [name, second, third] = told(node);
  if (!name || !second) throw new Error(`Not known to these tests: ${node.text}`);
  const declared = { name: name.text, line: node.startPosition.row + 1, decorators };
  const last = expressionAt(third ?? second);
  switch (node.type) {
    case "parameter_declaration":
      return { ...declared, kind: "parameter", type: second.text, standard: third && last() };
    case "variable_declaration":
      return { ...declared, kind: "variable", value: last() };
    case "output_declaration":
      return { ...declared, kind: "output", type: second.text, value: last() };
    case "module_declaration":
      return { ...declared, kind: "module", path: textOf(second), body: last() };
    case "resource_declaration": {
      const [type = "", version] = textOf(second).split("@");
      const isExisting = node.children.some((child) => child?.type === "existing");
      const within = nestedOf(third ?? second);
      return { ...declared, kind: "resource", type, version, isExisting, body: last(), within };
    }
    default:
      throw new Error(`Not known to these tests (${node.type}, line ${declared.line}): ${node.text}`);
  }
}

const expressionAt = (node: Node) => (): Expression => expressionOf(node);

function textOf(node: Node): string {
  const text = stringOf(node);
  if (text.kind !== "literal") throw new Error(`No plain text: ${node.text}`);
  return String(text.value);
}

function nestedOf(body: Node): Resource[] {
  if (body.type === "if_statement" || body.type === "for_statement") return nestedOf(told(body).at(-1) ?? body);
  const nodes = told(body).flatMap((child) =>
    child.type === "decorators" ? [child] : told(child).filter(({ type }) => type === "resource_declaration"),
  );
  return declarationsOf(nodes).filter((one) => one.kind === "resource");
}
