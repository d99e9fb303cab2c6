import { isJsonObject, type Json, type JsonObject, kindOf } from "../json.ts";
import type { Budget } from "./budget.ts";
import { TemplateFault } from "./templateFault.ts";

const ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth"];

/** A built-in function of ARM's that needs nothing but its arguments. */
export type PlainFunction = (args: Arguments) => Json;

/** The arguments of one call, each asked for as what it has to be. */
export class Arguments {
  readonly of: string;
  readonly values: readonly Json[];
  readonly budget: Budget;

  constructor(of: string, values: readonly Json[], budget: Budget) {
    this.of = of;
    this.values = values;
    this.budget = budget;
  }

  get count(): number {
    return this.values.length;
  }

  /** @throws TemplateFault where there are fewer or more. */
  expect(least: number, most = least): this {
    if (this.count >= least && this.count <= most) return this;
    const wanted = least === most ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
    throw new TemplateFault(`${this.of} takes ${wanted} argument${wanted === "1" ? "" : "s"}, not ${this.count}`);
  }

  at(index: number): Json {
    const value = this.values[index];
    if (value === undefined) throw new TemplateFault(`${this.of} lacks its ${ordinal(index)} argument`);
    return value;
  }

  text(index: number): string {
    const value = this.at(index);
    return typeof value === "string" ? value : this.wrong(index, "a string");
  }

  /** Strings, numbers and booleans, as ARM writes them into texts. */
  printed(index: number): string {
    const value = this.at(index);
    if (typeof value === "object" && value !== null) return this.wrong(index, "a string, a number or a boolean");
    return printed(value, this.budget);
  }

  integer(index: number): number {
    const value = this.at(index);
    return typeof value === "number" && Number.isSafeInteger(value) ? value : this.wrong(index, "an integer");
  }

  boolean(index: number): boolean {
    const value = this.at(index);
    return typeof value === "boolean" ? value : this.wrong(index, "a boolean");
  }

  array(index: number): Json[] {
    const value = this.at(index);
    return Array.isArray(value) ? value : this.wrong(index, "an array");
  }

  object(index: number): JsonObject {
    const value = this.at(index);
    return isJsonObject(value) ? value : this.wrong(index, "an object");
  }

  wrong(index: number, wanted: string): never {
    throw new TemplateFault(
      `${this.of} takes ${wanted} as its ${ordinal(index)} argument, not ${kindOf(this.at(index))}`,
    );
  }
}

function ordinal(index: number): string {
  return ORDINALS[index] ?? `${index + 1}th`;
}

/** As `concat`, `format` and `string` write a value; .NET's `True` and `False`. */
export function printed(value: Json, budget: Budget): string {
  if (value === null) return "";
  if (typeof value === "string") budget.spend(Math.floor(value.length / 10));
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return String(value);
  budget.count(value);
  return budget.text(JSON.stringify(value));
}
