import type { Json, JsonObject } from "../json.ts";
import { Arguments, printed } from "./arguments.ts";
import { setProperty } from "./collectionFunctions.ts";
import type { Surroundings } from "./evaluateExpression.ts";
import type { Expression } from "./parseExpression.ts";
import { TemplateFault } from "./templateFault.ts";

interface Iteration {
  name: string;
  args: Expression[];
  around: Surroundings;
  evaluate: (expression: Expression, around: Surroundings) => Json;
}

/** What a lambda makes of its values; values beyond its variables are left out, as `reduce` has an index to give. */
type Lambda = (...values: Json[]) => Json;

/** Functions of ARM's that take a lambda, by their names in lower case. */
export const iterationFunctions: Record<string, (iteration: Iteration) => Json> = {
  filter: (it) => array(it).filter((item, index) => truth(lambda(it, 1)(item, index), it)),
  map: (it) => {
    const work = lambda(it, 1);
    return array(it).map((item, index) => work(item, index));
  },
  reduce: (it) => {
    const work = lambda(it, 2);
    return array(it).reduce(
      (before: Json, item, index) => work(before, item, index),
      it.evaluate(argument(it, 1), it.around),
    );
  },
  sort: (it) => {
    const work = lambda(it, 1);
    return array(it).toSorted((one, other) => (truth(work(one, other), it) ? -1 : truth(work(other, one), it) ? 1 : 0));
  },
  mapvalues: (it) => {
    const work = lambda(it, 1);
    return Object.fromEntries(Object.entries(values(it).object(0)).map(([name, value]) => [name, work(value)]));
  },
  toobject: (it) => {
    const key = lambda(it, 1);
    const value = it.args.length > 2 ? lambda(it, 2) : undefined;
    const object: JsonObject = {};
    for (const item of array(it)) {
      const { budget } = it.around.scope.evaluation;
      budget.spend(1 + Math.floor(Object.keys(object).length / 10));
      setProperty(object, printed(key(item), budget), value ? value(item) : item);
    }
    return object;
  },
  groupby: (it) => {
    const key = lambda(it, 1);
    const { budget } = it.around.scope.evaluation;
    const groups = new Map<string, Json[]>();
    for (const item of array(it)) {
      const name = printed(key(item), budget);
      const group = groups.get(name);
      if (group) group.push(item);
      else groups.set(name, [item]);
    }
    const object: JsonObject = {};
    for (const [name, items] of groups) setProperty(object, name, items);
    return object;
  },
  lambda: ({ name }) => {
    throw new TemplateFault(`has a ${name} where no function takes one`);
  },
};

function argument({ name, args }: Iteration, index: number): Expression {
  const found = args[index];
  if (!found) throw new TemplateFault(`${name} lacks an argument`);
  return found;
}

function values(it: Iteration): Arguments {
  return new Arguments(it.name, [it.evaluate(argument(it, 0), it.around)], it.around.scope.evaluation.budget);
}

function array(it: Iteration): Json[] {
  return values(it).array(0);
}

function truth(value: Json, it: Iteration): boolean {
  return new Arguments(`the lambda of ${it.name}`, [value], it.around.scope.evaluation.budget).boolean(0);
}

/** `lambda('item', 'index', body)` */
function lambda(it: Iteration, index: number): Lambda {
  const expression = argument(it, index);
  const body =
    expression.kind === "call" && expression.name.toLowerCase() === "lambda" ? expression.args.at(-1) : undefined;
  if (expression.kind !== "call" || !body) throw new TemplateFault(`${it.name} takes a lambda`);
  const names = expression.args.slice(0, -1).map((name) => {
    if (name.kind !== "literal" || typeof name.value !== "string")
      throw new TemplateFault("a lambda's variables have names");
    return name.value.toLowerCase();
  });
  return (...given) => {
    const lambdas = new Map(it.around.lambdas);
    for (const [at, name] of names.entries()) {
      const value = given[at];
      if (value === undefined) throw new TemplateFault(`the lambda of ${it.name} has too many variables`);
      lambdas.set(name, value);
    }
    return it.evaluate(body, { ...it.around, lambdas });
  };
}
