import { relative } from "node:path";
import { expect, it } from "vitest";
import { declarationsOf, expressionsOf } from "../support/bicep/declarations.ts";
import { deployInfra, infraFiles, root } from "../support/bicep/infraFiles.ts";
import { parameterSets, refusedParameters } from "../support/bicep/parameters.ts";
import { type Expression, partsOf } from "../support/bicep/syntax.ts";

type Condition = Expression & { kind: "ternary" | "if" };

/** But for those in what is made only one way: Azure works that out in any case, and has to find something there. */
function conditionsOf(expression: Expression): Condition[] {
  const all = [...partsOf(expression)];
  const guards = new Set(
    all.flatMap((one) => {
      if (one.kind !== "if") return [];
      const decided = namesIn(one.condition);
      return [...partsOf(one.body)].filter(
        (part) => part.kind === "ternary" && namesIn(part.condition).every((name) => decided.includes(name)),
      );
    }),
  );
  return all.flatMap((one) => ((one.kind === "ternary" && !guards.has(one)) || one.kind === "if" ? [one] : []));
}

const namesIn = (expression: Expression) =>
  [...partsOf(expression)].flatMap((part) => (part.kind === "name" ? [part.name] : []));

it("the sets of parameters that tests work out give each parameter at least once", () => {
  const main = infraFiles.find(({ path }) => path.endsWith("main.bicep"));
  const given = new Set(parameterSets.flatMap(([, parameters]) => Object.keys(parameters)));
  const all = main?.declarations.flatMap(({ kind, name }) => (kind === "parameter" ? name : [])) ?? [];
  expect(all.length).toBeGreaterThan(40);
  expect(all.filter((name) => !given.has(name))).toEqual([]);
});

it("each condition in infra/ goes both ways in them", () => {
  const gone = new Map<Expression, Set<boolean>>();
  const onChoice = (expression: Expression, isChosen: boolean) =>
    void gone.set(expression, (gone.get(expression) ?? new Set()).add(isChosen));
  for (const [, parameters] of parameterSets) deployInfra(parameters, { onChoice });
  for (const [, parameters, told] of refusedParameters) {
    expect(() => deployInfra(parameters, { onChoice })).toThrow(told);
  }
  const conditions = infraFiles.flatMap((file) =>
    declarationsOf(file)
      .flatMap(expressionsOf)
      .flatMap(conditionsOf)
      .map((part) => ({ part, at: relative(root, file.path) })),
  );
  expect(conditions.length).toBeGreaterThan(50);
  const oneWay = conditions.filter(({ part }) => gone.get(part)?.size !== 2);
  expect(
    oneWay.map(({ part, at }) => `${at}: ${JSON.stringify(part.condition)} ${[...(gone.get(part) ?? [])].join()}`),
  ).toEqual([]);
});
