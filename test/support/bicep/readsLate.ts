import { declarationsOf } from "./declarations.ts";
import { type BicepFile, bodyOf, childrenOf, type Expression, propertyOf } from "./syntax.ts";

const KNOWN_BEFORE = new Set(["id", "name", "type", "apiVersion"]);

/** Names, scopes, loops and conditions are worked out before anything is deployed: nothing that is read then may be in them. */
export function readsLate(file: BicepFile): string[] {
  const deployed = new Set(
    declarationsOf(file).flatMap((one) => (one.kind === "resource" || one.kind === "module" ? one.name : [])),
  );
  const variables = new Map(
    file.declarations.flatMap((one) => (one.kind === "variable" ? [[one.name, one.value]] : [])),
  );

  function isLate(expression: Expression): boolean {
    if (expression.kind === "name") {
      const value = variables.get(expression.name);
      return value !== undefined && isLate(value);
    }
    if (expression.kind === "member" && isDeployedThing(expression.of)) return !KNOWN_BEFORE.has(expression.name);
    return childrenOf(expression).some(isLate);
  }
  function isDeployedThing(expression: Expression): boolean {
    if (expression.kind === "index" || expression.kind === "nested") return isDeployedThing(expression.of);
    return expression.kind === "name" && deployed.has(expression.name);
  }
  return declarationsOf(file).flatMap((one) => {
    if (one.kind === "variable")
      return one.value.kind === "for" && isLate(one.value) ? [`${one.name} is read too late`] : [];
    if (one.kind !== "resource" && one.kind !== "module") return [];
    const { body } = one;
    const early = [propertyOf(bodyOf(body), "name"), propertyOf(bodyOf(body), "scope"), ...conditionsOf(body)];
    return early.some((expression) => expression && isLate(expression))
      ? [`${one.name} is named, placed, repeated or made by what is known only once something else is deployed`]
      : [];
  });
}

function conditionsOf(body: Expression): Expression[] {
  if (body.kind === "for") return [body.over, ...conditionsOf(body.body)];
  return body.kind === "if" ? [body.condition] : [];
}
