import type { OrchestrationContext, Task } from "durable-functions";

export type Steps = Generator<Task, unknown, unknown>;

/** The input, taken for what the scenario that gave it says it is. */
// eslint-disable-next-line typescript/no-unnecessary-type-parameters -- the library has it so
export const inputOf = <T>(context: OrchestrationContext): T => context.df.getInput<T>();

export const later = (context: OrchestrationContext, milliseconds: number): Date =>
  new Date(context.df.currentUtcDateTime.getTime() + milliseconds);

/** A value and what JSON would not tell of it. */
export function shape(value: unknown): unknown {
  if (value === undefined) return { type: "undefined" };
  return { type: value === null ? "null" : Array.isArray(value) ? "array" : typeof value, value };
}

/** All that an app can see of an error. */
export function caught(error: unknown) {
  const { name, message, constructor } = error as Error;
  return { name, ctor: constructor.name, message: message.split("\n    at ")[0], keys: Object.keys(error as Error) };
}

export class CustomError extends Error {
  override name = "CustomError";
  code = "E_CUSTOM";
  detail = { a: 1, b: "zwei" };
}
