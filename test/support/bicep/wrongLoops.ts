import { declarationsOf, expressionsOf } from "./declarations.ts";
import { type BicepFile, childrenOf, type Expression } from "./syntax.ts";

/**
 * A loop stands where the language lets it: what is declared, or a property of a resource or module. What is made by a
 * loop is named with an index.
 */
export function wrongLoops(file: BicepFile): string[] {
  const looped = new Set(
    declarationsOf(file).flatMap((one) =>
      (one.kind === "resource" || one.kind === "module") && one.body.kind === "for" ? one.name : [],
    ),
  );
  const single = new Set(
    file.declarations.flatMap((one) =>
      (one.kind === "resource" || one.kind === "module") && one.body.kind !== "for" ? one.name : [],
    ),
  );
  function look(expression: Expression, mayLoop: boolean, isDeployed: boolean): string[] {
    const found: string[] = [];
    if (expression.kind === "for" && !mayLoop) found.push(`a loop has no place in ${JSON.stringify(expression.over)}`);
    if (expression.kind === "member" && expression.of.kind === "name" && looped.has(expression.of.name)) {
      found.push(`${expression.of.name} is many, and takes an index`);
    }
    if (expression.kind === "index" && expression.of.kind === "name" && single.has(expression.of.name)) {
      found.push(`${expression.of.name} is one, and takes no index`);
    }
    const passesOn =
      isDeployed && (expression.kind === "object" || expression.kind === "for" || expression.kind === "if");
    return [...found, ...childrenOf(expression).flatMap((child) => look(child, passesOn, passesOn))];
  }
  return declarationsOf(file).flatMap((one) => {
    const isDeployed = one.kind === "resource" || one.kind === "module";
    return expressionsOf(one).flatMap((expression) => look(expression, one.kind !== "parameter", isDeployed));
  });
}
