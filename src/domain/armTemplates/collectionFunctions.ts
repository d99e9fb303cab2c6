import { FORBIDDEN_NAME, isJsonObject, type Json, type JsonObject, nameIgnoringCase, propertyOf } from "../json.ts";
import type { Arguments, PlainFunction } from "./arguments.ts";
import type { Budget } from "./budget.ts";
import { TemplateFault } from "./templateFault.ts";

/** ARM's own limit. */
const LONGEST_RANGE = 10_000;

export const collectionFunctions: Record<string, PlainFunction> = {
  array: (args) => {
    const value = args.expect(1).at(0);
    return Array.isArray(value) ? value : [value];
  },
  concat: (args) => {
    if (args.count > 0 && Array.isArray(args.at(0))) {
      return sized(
        args.values.flatMap((_, index) => args.array(index)),
        args,
      );
    }
    return args.budget.join(
      args.values.map((_, index) => args.printed(index)),
      "",
    );
  },
  contains: (args) => {
    const [holder, item] = [args.expect(2).at(0), args.at(1)];
    if (Array.isArray(holder)) return holder.some((one) => same(one, item, args.budget));
    if (isJsonObject(holder)) return nameIgnoringCase(holder, args.printed(1)) !== undefined;
    return args.text(0).includes(args.printed(1));
  },
  createArray: (args) => sized([...args.values], args),
  createObject: (args) => {
    if (args.count % 2 !== 0) throw new TemplateFault("createObject takes names and values in pairs");
    const object: JsonObject = {};
    for (let index = 0; index < args.count; index += 2) setProperty(object, args.text(index), args.at(index + 1));
    args.budget.spend(args.count);
    return object;
  },
  empty: (args) => {
    const value = args.expect(1).at(0);
    if (value === null || value === "") return true;
    return typeof value === "object"
      ? Object.keys(value).length === 0
      : typeof value === "string"
        ? false
        : args.wrong(0, "a string, an array or an object");
  },
  equals: (args) => same(args.expect(2).at(0), args.at(1), args.budget),
  first: (args) => {
    const value = args.expect(1).at(0);
    return Array.isArray(value) ? (value[0] ?? null) : args.text(0).slice(0, 1);
  },
  last: (args) => {
    const value = args.expect(1).at(0);
    return Array.isArray(value) ? (value.at(-1) ?? null) : args.text(0).slice(-1);
  },
  flatten: (args) =>
    sized(
      args
        .expect(1)
        .array(0)
        .flatMap((item) => (Array.isArray(item) ? item : [item])),
      args,
    ),
  indexOf: (args) => {
    const value = args.expect(2).at(0);
    if (Array.isArray(value)) return value.findIndex((one) => same(one, args.at(1), args.budget));
    return args.text(0).toLowerCase().indexOf(args.text(1).toLowerCase());
  },
  lastIndexOf: (args) => {
    const value = args.expect(2).at(0);
    if (Array.isArray(value)) return value.findLastIndex((one) => same(one, args.at(1), args.budget));
    return args.text(0).toLowerCase().lastIndexOf(args.text(1).toLowerCase());
  },
  intersection: (args) => {
    if (!Array.isArray(args.expect(2, Infinity).at(0))) {
      const others = args.values.slice(1).map((_, index) => args.object(index + 1));
      const entries = Object.entries(args.object(0)).filter(([name, value]) =>
        others.every((other) => same(propertyOf(other, name) ?? null, value, args.budget)),
      );
      return Object.fromEntries(entries);
    }
    return args
      .array(0)
      .filter((item) => args.values.every((_, index) => args.array(index).some((one) => same(one, item, args.budget))));
  },
  items: (args) =>
    sized(
      sortedEntries(args.expect(1).object(0)).map(([key, value]) => ({ key, value })),
      args,
    ),
  objectKeys: (args) =>
    sized(
      sortedEntries(args.expect(1).object(0)).map(([key]) => key),
      args,
    ),
  length: (args) => {
    const value = args.expect(1).at(0);
    if (typeof value === "string") return value.length;
    return typeof value === "object" && value !== null
      ? Object.keys(value).length
      : args.wrong(0, "a string, an array or an object");
  },
  range: (args) => {
    const [start, count] = [args.expect(2).integer(0), args.integer(1)];
    if (count < 0 || count > LONGEST_RANGE) throw new TemplateFault(`range takes a count from 0 to ${LONGEST_RANGE}`);
    return sized(
      Array.from({ length: count }, (_, index) => start + index),
      args,
    );
  },
  shallowMerge: (args) =>
    args
      .expect(1)
      .array(0)
      .reduce<JsonObject>((merged, item) => {
        if (!isJsonObject(item)) return args.wrong(0, "an array of objects");
        for (const [name, value] of Object.entries(item)) setProperty(merged, name, value);
        args.budget.spend(Object.keys(item).length);
        return merged;
      }, {}),
  skip: (args) => {
    const value = args.expect(2).at(0);
    const count = Math.max(0, args.integer(1));
    return Array.isArray(value) ? sized(value.slice(count), args) : args.text(0).slice(count);
  },
  take: (args) => {
    const value = args.expect(2).at(0);
    const count = Math.max(0, args.integer(1));
    return Array.isArray(value) ? sized(value.slice(0, count), args) : args.text(0).slice(0, count);
  },
  tryGet: (args) => {
    let value = args.expect(2, Infinity).at(0);
    for (const step of args.values.slice(1)) {
      const next: Json | undefined =
        isJsonObject(value) && typeof step === "string"
          ? propertyOf(value, step)
          : Array.isArray(value) && typeof step === "number"
            ? value[step]
            : undefined;
      if (next === undefined) return null;
      value = next;
    }
    return value;
  },
  union: (args) => {
    if (!Array.isArray(args.expect(1, Infinity).at(0))) {
      return args.values
        .map((_, index) => args.object(index))
        .reduce((one, other) => merged(one, other, args.budget), {});
    }
    const all: Json[] = [];
    for (const item of args.values.flatMap((_, index) => args.array(index))) {
      if (!all.some((one) => same(one, item, args.budget))) all.push(item);
    }
    return sized(all, args);
  },
};

/** Sets a property whose name ARM compares without case: an earlier one of other case gives way. */
export function setProperty(object: JsonObject, name: string, value: Json): void {
  if (name === FORBIDDEN_NAME) throw new TemplateFault(`makes a property of the name ${FORBIDDEN_NAME}`);
  const own = nameIgnoringCase(object, name);
  object[own ?? name] = value;
}

/** Objects inside objects are merged; anything else of the later one wins. */
function merged(one: JsonObject, other: JsonObject, budget: Budget): JsonObject {
  return budget.nested(() => {
    const result = { ...one };
    for (const [name, value] of Object.entries(other)) {
      budget.spend();
      const before = propertyOf(result, name);
      setProperty(result, name, isJsonObject(before) && isJsonObject(value) ? merged(before, value, budget) : value);
    }
    return result;
  });
}

/** By value; names without case, texts with it. */
function same(one: Json, other: Json, budget: Budget): boolean {
  budget.spend();
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return one === other;
  return budget.nested(() => {
    if (Array.isArray(one) || Array.isArray(other)) {
      if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
      return one.every((item, index) => same(item, other[index] ?? null, budget));
    }
    const names = Object.keys(one);
    return (
      names.length === Object.keys(other).length &&
      names.every((name) => {
        const counterpart = propertyOf(other, name);
        return counterpart !== undefined && same(one[name] ?? null, counterpart, budget);
      })
    );
  });
}

function sortedEntries(object: JsonObject): [string, Json][] {
  return Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1));
}

function sized(array: Json[], { budget }: Arguments): Json[] {
  budget.spend(array.length);
  return array;
}
