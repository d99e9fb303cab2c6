import { FUNCTIONS, type Value } from "./functions.ts";
import type { Place } from "./place.ts";
import type { Expression } from "./syntax.ts";

/** What names stand for. @throws where nothing is called so. */
export type Names = (name: string) => Value;
type Json = Record<string, Value>;

/** What lies within a resource, by its symbolic name. */
export const NESTED = Symbol("nested resources");

/** What an expression comes to. Of a condition and of `&&`, `||`, `??` only what counts is worked out, as Azure does. */
export function evaluate(expression: Expression, names: Names, place: Place): Value {
  const of = (one: Expression, more: Names = names) => evaluate(one, more, place);
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "text":
      return expression.parts.map((part) => textOf(of(part))).join("");
    case "name":
      return names(expression.name);
    case "array":
      return expression.items.map((item) => of(item));
    case "object":
      return Object.fromEntries(expression.properties.map(({ name, value }) => [textOf(of(name)), of(value)]));
    case "call": {
      const found = FUNCTIONS.get(expression.name);
      if (!found) throw new Error(`There is no function ${expression.name}`);
      return found.call(place, ...(expression.values.map((value) => of(value)) as never[]));
    }
    case "member":
      return memberOf(of(expression.of), expression.name);
    case "index":
      return memberOf(of(expression.of), of(expression.index) as string | number);
    case "nested": {
      const within = (of(expression.of) as { [NESTED]?: Json })[NESTED];
      return memberOf(within, expression.name);
    }
    case "unary":
      return expression.operator === "!" ? !truthOf(of(expression.of)) : -(of(expression.of) as number);
    case "binary":
      return binary(expression, of);
    case "ternary":
      return of(isChosen(expression, names, place) ? expression.chosen : expression.otherwise);
    case "lambda": {
      const { parameters, body } = expression;
      return (...values: Value[]) =>
        of(body, (name) => (parameters.includes(name) ? values[parameters.indexOf(name)] : names(name)));
    }
    case "for":
      return loop(expression, names, place).map((inner) => of(expression.body, inner));
    default:
      return isChosen(expression, names, place) ? of(expression.body) : null;
  }
}

/** Which way a condition goes. */
export function isChosen(expression: Expression & { kind: "ternary" | "if" }, names: Names, place: Place): boolean {
  const isSo = truthOf(evaluate(expression.condition, names, place));
  place.onChoice?.(expression, isSo);
  return isSo;
}

/** The names within a loop, for each time that it goes round. */
export function loop({ over, variable, index }: Expression & { kind: "for" }, names: Names, place: Place): Names[] {
  const list = evaluate(over, names, place);
  if (!Array.isArray(list)) throw new Error(`A loop goes over arrays, not over ${JSON.stringify(list)}`);
  return list.map((item: Value, at) => (name) => (name === variable ? item : name === index ? at : names(name)));
}

export function truthOf(value: Value): boolean {
  if (typeof value === "boolean") return value;
  throw new Error(`true or false wanted, not ${JSON.stringify(value)}`);
}

function textOf(value: Value): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  throw new Error(`A text wanted, not ${JSON.stringify(value)}`);
}

/** Azure fails where a property or an element is not there, rather than going on without. */
function memberOf(value: Value, name: string | number): Value {
  if (typeof value === "object" && value !== null && Object.hasOwn(value, name)) return (value as Json)[name];
  throw new Error(`There is no ${name} in ${JSON.stringify(value)}`);
}

function binary({ operator, left, right }: Expression & { kind: "binary" }, of: (one: Expression) => Value): Value {
  const first = of(left);
  if (operator === "&&") return truthOf(first) && truthOf(of(right));
  if (operator === "||") return truthOf(first) || truthOf(of(right));
  if (operator === "??") return first ?? of(right);
  const second = of(right);
  const [one, other] = [first as number, second as number];
  switch (operator) {
    case "==":
      return JSON.stringify(first) === JSON.stringify(second);
    case "!=":
      return JSON.stringify(first) !== JSON.stringify(second);
    case "=~":
      return String(first).toLowerCase() === String(second).toLowerCase();
    case "!~":
      return String(first).toLowerCase() !== String(second).toLowerCase();
    case "<":
      return one < other;
    case "<=":
      return one <= other;
    case ">":
      return one > other;
    case ">=":
      return one >= other;
    case "+":
      return one + other;
    case "-":
      return one - other;
    case "*":
      return one * other;
    case "/":
      return Math.trunc(one / other);
    default:
      return one % other;
  }
}
