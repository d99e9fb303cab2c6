import type { BicepFile, Declaration, Expression } from "./syntax.ts";

/** Itself, and the resources within it. */
export const withNested = (declaration: Declaration): Declaration[] =>
  declaration.kind === "resource" ? [declaration, ...declaration.within.flatMap(withNested)] : [declaration];

/** Each declaration of a file, those within resources as well. */
export const declarationsOf = ({ declarations }: BicepFile): Declaration[] => declarations.flatMap(withNested);

/** The expressions that a declaration stands for, but those of resources within it. */
export function expressionsOf(declaration: Declaration): Expression[] {
  const decorating = declaration.decorators.flatMap(({ values }) => values);
  switch (declaration.kind) {
    case "parameter":
      return [...decorating, ...(declaration.standard ? [declaration.standard] : [])];
    case "variable":
    case "output":
      return [...decorating, declaration.value];
    default:
      return [...decorating, declaration.body];
  }
}
