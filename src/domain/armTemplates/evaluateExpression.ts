import type { Json } from "../json.ts";
import { indexed, property } from "./access.ts";
import { Arguments } from "./arguments.ts";
import type { Budget } from "./budget.ts";
import { builtIn, ONLY_WHILE_DEPLOYED } from "./builtIn.ts";
import { ENVIRONMENT, OWN_SUBSCRIPTION, resourceGroupProperty, subscriptionProperty } from "./deployment.ts";
import { iterationFunctions } from "./iterationFunctions.ts";
import type { Expression } from "./parseExpression.ts";
import { resourceIdFunctions } from "./resourceIdFunctions.ts";
import type { Scope } from "./scope.ts";
import { TemplateFault } from "./templateFault.ts";

/** What an expression can see: its template, and the loops and lambdas that it stands in. */
export interface Surroundings {
  scope: Scope;
  /** Index of each copy loop around it, by its name in lower case; the innermost stands last. */
  copies: ReadonlyMap<string, number>;
  /** Variables of lambdas around it, by their names in lower case. */
  lambdas: ReadonlyMap<string, Json>;
}

/** Functions that hand on a subscription nobody told as they find it. */
const KEEPS_SUBSCRIPTION = new Set(
  [
    "array",
    "concat",
    "contains",
    "createarray",
    "createobject",
    "empty",
    "equals",
    "first",
    "flatten",
    "format",
  ].concat(
    ["intersection", "items", "last", "objectkeys", "shallowmerge", "tryget", "union"],
    Object.keys(resourceIdFunctions).map((name) => name.toLowerCase()),
  ),
);

/** @throws TemplateFault, nothing else. */
export function evaluate(expression: Expression, around: Surroundings): Json {
  const { budget } = around.scope.evaluation;
  budget.spend();
  return budget.nested(() => {
    const value = resultOf(expression, around);
    // A long value may be asked for again and again.
    if (typeof value === "string" || Array.isArray(value)) budget.spend(Math.floor(value.length / 10));
    return value;
  });
}

function resultOf(expression: Expression, around: Surroundings): Json {
  if (expression.kind === "literal") return expression.value;
  if (expression.kind === "call") return call(expression, around);
  if (expression.kind === "property") return property(expression, around, evaluate);
  return indexed(evaluate(expression.of, around), evaluate(expression.index, around));
}

function call({ name, args }: Expression & { kind: "call" }, around: Surroundings): Json {
  const { scope } = around;
  const { budget } = scope.evaluation;
  const lower = name.toLowerCase();
  const value = (index: number): Json => {
    const arg = args[index];
    if (!arg) throw new TemplateFault(`${name} lacks an argument`);
    return evaluate(arg, around);
  };
  const all = () =>
    new Arguments(
      name,
      args.map((arg) => evaluate(arg, around)),
      budget,
    );
  const text = (index: number) =>
    new Arguments(
      name,
      args.map((_, at) => (at === index ? value(at) : null)),
      budget,
    ).text(index);

  switch (lower) {
    case "parameters":
      return scope.parameter(text(0));
    case "variables":
      return scope.variable(text(0));
    case "true":
      return true;
    case "false":
      return false;
    case "null":
      return null;
    // The branch that is not taken is not evaluated: it often cannot be.
    case "if":
      return new Arguments(name, [value(0)], budget).boolean(0) ? value(1) : value(2);
    case "and":
      return args.every((_, index) => new Arguments(name, [value(index)], budget).boolean(0));
    case "or":
      return args.some((_, index) => new Arguments(name, [value(index)], budget).boolean(0));
    case "coalesce": {
      for (let index = 0; index < args.length; index++) {
        const one = value(index);
        if (one !== null) return one;
      }
      return null;
    }
    case "copyindex":
      return copyIndex(all(), around);
    case "environment":
      return ENVIRONMENT;
    case "lambdavariables": {
      const variable = around.lambdas.get(text(0).toLowerCase());
      if (variable === undefined)
        throw new TemplateFault(`has no variable ${text(0).slice(0, 100)} of a lambda around it`);
      return variable;
    }
    case "utcnow":
    case "newguid":
      return scope.onceOnly(lower, all());
    case "resourcegroup":
      return {
        id: resourceGroupProperty(scope.target, "id", scope.evaluation),
        name: resourceGroupProperty(scope.target, "name", scope.evaluation),
        location: resourceGroupProperty(scope.target, "location", scope.evaluation),
      };
    case "subscription":
      return {
        id: subscriptionProperty(scope.target, "id"),
        subscriptionId: subscriptionProperty(scope.target, "subscriptionId"),
      };
  }
  const iterate = Object.hasOwn(iterationFunctions, lower) ? iterationFunctions[lower] : undefined;
  if (iterate) return iterate({ name, args, around, evaluate });
  if (lower.includes(".")) return scope.userFunction(name, () => all().values);

  const evaluated = (): Arguments => {
    const given = all();
    if (!scope.target.subscriptionId && !KEEPS_SUBSCRIPTION.has(lower)) refuseUnknownSubscription(given, budget);
    return given;
  };
  const ids = Object.keys(resourceIdFunctions).find((one) => one.toLowerCase() === lower);
  if (ids) return budget.text(resourceIdFunctions[ids]?.(evaluated(), scope.target) ?? "");
  const plain = builtIn(lower);
  if (plain) return plain(evaluated());
  if (ONLY_WHILE_DEPLOYED.test(name))
    throw new TemplateFault(
      `uses ${name}(), whose result is known only while it is deployed: put its value in its place`,
    );
  throw new TemplateFault(`uses ${name.slice(0, 100)}(), a function that is not understood`);
}

/** A text of the stand-in for the subscription, hashed or cut, would be wrong without anybody noticing. */
function refuseUnknownSubscription({ of, values }: Arguments, budget: Budget): void {
  const holds = (value: Json): boolean => {
    budget.spend();
    if (typeof value === "string") return value.includes(OWN_SUBSCRIPTION);
    return typeof value === "object" && value !== null && budget.nested(() => Object.values(value).some(holds));
  };
  if (values.some(holds)) {
    throw new TemplateFault(`needs to know the subscription that it is deployed to, for ${of}`, {
      need: "subscription",
    });
  }
}

function copyIndex(args: Arguments, { copies }: Surroundings): number {
  const first = args.count > 0 ? args.at(0) : undefined;
  const name = typeof first === "string" ? first : undefined;
  const offset = args.count === 2 ? args.integer(1) : typeof first === "number" ? first : 0;
  const index = name === undefined ? [...copies.values()].at(-1) : copies.get(name.toLowerCase());
  if (index === undefined)
    throw new TemplateFault(
      `uses copyIndex outside of ${name === undefined ? "a copy loop" : `the copy loop ${name.slice(0, 100)}`}`,
    );
  return index + offset;
}
