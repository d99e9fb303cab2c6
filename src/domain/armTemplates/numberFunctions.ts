import type { Json } from "../json.ts";
import type { Arguments, PlainFunction } from "./arguments.ts";
import { TemplateFault } from "./templateFault.ts";

const arithmetic =
  (work: (one: number, other: number) => number): PlainFunction =>
  (args) =>
    whole(work(args.expect(2).integer(0), args.integer(1)), args);

/** Numbers by size, texts by their letters; the two kinds are not mixed. */
const comparison =
  (holds: (order: number) => boolean): PlainFunction =>
  (args) => {
    const [one, other] = [args.expect(2).at(0), args.at(1)];
    if (typeof one === "number" && typeof other === "number") return holds(one - other);
    if (typeof one === "string" && typeof other === "string") return holds(one < other ? -1 : one > other ? 1 : 0);
    return args.wrong(0, "numbers or strings, both of one kind,");
  };

export const numberFunctions: Record<string, PlainFunction> = {
  add: arithmetic((one, other) => one + other),
  sub: arithmetic((one, other) => one - other),
  mul: arithmetic((one, other) => one * other),
  div: (args) => whole(Math.trunc(args.expect(2).integer(0) / divisor(args)), args),
  mod: (args) => whole(args.expect(2).integer(0) % divisor(args), args),
  int: (args) => {
    const value = args.expect(1).at(0);
    if (typeof value === "number") return whole(Math.trunc(value), args);
    if (typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value)) return whole(Number(value), args);
    return args.wrong(0, "an integer, or a string that is one,");
  },
  float: (args) => {
    const value = args.expect(1).at(0);
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number) ? number : args.wrong(0, "a number");
  },
  max: (args) => Math.max(...integers(args)),
  min: (args) => Math.min(...integers(args)),
  less: comparison((order) => order < 0),
  lessOrEquals: comparison((order) => order <= 0),
  greater: comparison((order) => order > 0),
  greaterOrEquals: comparison((order) => order >= 0),
};

function divisor(args: Arguments): number {
  const value = args.integer(1);
  if (value === 0) throw new TemplateFault(`${args.of} divides by zero`);
  return value;
}

/** No negative zero either, which JSON has not. */
function whole(value: number, { of }: Arguments): number {
  if (!Number.isSafeInteger(value)) throw new TemplateFault(`${of} leaves the range of integers`);
  return value + 0;
}

function integers(args: Arguments): number[] {
  const first = args.expect(1, Infinity).at(0);
  const values: readonly Json[] = Array.isArray(first) ? first : args.values;
  if (values.length === 0 || values.length > 10_000) return args.wrong(0, "one to 10000 integers");
  return values.map((value) => (typeof value === "number" ? value : args.wrong(0, "integers")));
}
