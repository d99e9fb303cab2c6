import * as df from "durable-functions";
import { CustomError, shape } from "./orchestration.ts";
import { ODD_VALUES } from "./data.ts";

const tries = new Map<string, number>();

const activity = (name: string, handler: (input: never) => unknown) =>
  df.app.activity(name, { handler: (input: unknown) => handler(input as never) });

activity("echo", (input) => input);
activity("inspect", shape);
activity("produce", ({ what }: { what: string }) => ODD_VALUES[what]);

activity("slow", async ({ ms, value, fail }: { ms: number; value?: unknown; fail?: string }) => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  if (fail) throw new Error(fail);
  return value;
});

activity("flaky", ({ id, failTimes }: { id: string; failTimes: number }) => {
  const attempt = (tries.get(id) ?? 0) + 1;
  tries.set(id, attempt);
  if (attempt <= failTimes) throw new Error(`flaky failure ${attempt}`);
  return { attempt };
});

activity("thrower", ({ mode }: { mode: string }) => {
  const thrown = THROWN[mode] ?? (() => new Error("plain message"));
  // eslint-disable-next-line typescript/only-throw-error -- what is thrown is what is tried
  throw thrown();
});

const THROWN: Record<string, () => unknown> = {
  custom: () => new CustomError("custom message"),
  string: () => "a thrown string",
  object: () => ({ code: 42, message: "object message" }),
  null: () => null,
  multiline: () => new Error('line one\nline two: "quoted" {json}'),
  cause: () => new Error("outer", { cause: new Error("inner cause") }),
  // eslint-disable-next-line unicorn/error-message -- that there is none is what is tried
  empty: () => new Error(""),
  long: () => new Error("L".repeat(5000)),
};
