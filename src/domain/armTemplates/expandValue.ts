import { isJsonObject, type Json, type JsonObject, type JsonPath, propertyOf } from "../json.ts";
import { setProperty } from "./collectionFunctions.ts";
import { evaluate, type Surroundings } from "./evaluateExpression.ts";
import { isExpression, parseExpression, unescaped } from "./parseExpression.ts";
import { attempt, shortened, TemplateFault } from "./templateFault.ts";

/** ARM's own limit of a copy loop. */
const LONGEST_LOOP = 800;
const MOST_FAULTS = 50;

/** Where faults are gathered, so that one reading tells of all. */
export interface Gathering extends Surroundings {
  faults?: TemplateFault[];
}

/** Evaluates every expression in a value, its property names and copy loops too. @throws TemplateFault */
export function expandValue(value: Json, around: Gathering, path: JsonPath): Json {
  const { budget } = around.scope.evaluation;
  budget.spend();
  if (typeof value === "string") return expandText(value, around, path);
  if (typeof value !== "object" || value === null) return value;
  return budget.nested(() => {
    if (Array.isArray(value)) {
      return value.map((item, index) => gathering(around, () => expandValue(item, around, [...path, index])) ?? null);
    }
    const object: JsonObject = {};
    for (const [name, item] of Object.entries(value)) {
      gathering(around, () => {
        if (name.toLowerCase() === "copy" && isPropertyLoops(item))
          return expandLoops(item, object, around, [...path, name]);
        const key = expandText(name, around, [...path, name]);
        if (typeof key !== "string")
          throw new TemplateFault("has a property name that is no string", { path: [...path, name] });
        setProperty(object, key, expandValue(item, around, [...path, name]));
      });
    }
    return object;
  });
}

/** Evaluates a string, and says where it stands when that fails. */
function expandText(text: string, around: Surroundings, path: JsonPath): Json {
  if (!isExpression(text)) return unescaped(text);
  try {
    return evaluate(parseExpression(text), around);
  } catch (error) {
    if (error instanceof TemplateFault) {
      error.path ??= path;
      if (error.path === path) error.expression ??= shortened(text);
    }
    throw error;
  }
}

/** Goes on behind a fault where faults are gathered. */
function gathering<T>({ faults }: Gathering, work: () => T): T | undefined {
  if (!faults || faults.length >= MOST_FAULTS) return work();
  return attempt(work, (fault) => faults.push(fault));
}

function isPropertyLoops(value: Json): value is JsonObject[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (one) => isJsonObject(one) && propertyOf(one, "count") !== undefined && propertyOf(one, "input") !== undefined,
    )
  );
}

/** `"copy": [{"name": "targetRegions", "count": 3, "input": …}]` makes an array of that name. */
function expandLoops(loops: JsonObject[], object: JsonObject, around: Gathering, path: JsonPath): void {
  for (const [at, loop] of loops.entries()) {
    const here = [...path, at];
    const name = propertyOf(loop, "name");
    if (typeof name !== "string") throw new TemplateFault("is a copy loop without a name", { path: here });
    const count = loopCount(propertyOf(loop, "count") ?? null, around, [...here, "count"]);
    const items = Array.from({ length: count }, (_, index) =>
      expandValue(propertyOf(loop, "input") ?? null, { ...around, copies: withLoop(around, name, index) }, [
        ...here,
        "input",
      ]),
    );
    setProperty(object, name, items);
  }
}

export function loopCount(count: Json, around: Surroundings, path: JsonPath): number {
  const value = expandValue(count, around, path);
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > LONGEST_LOOP) {
    throw new TemplateFault(`takes a count from 0 to ${LONGEST_LOOP}`, { path });
  }
  return value;
}

/** The loops around, and one more inside of them. */
export function withLoop({ copies }: Surroundings, name: string, index: number): ReadonlyMap<string, number> {
  const inside = new Map(copies);
  inside.delete(name.toLowerCase());
  return inside.set(name.toLowerCase(), index);
}
