import * as df from "durable-functions";
import { inputOf, shape, type Steps } from "./orchestration.ts";

/** Values that may not survive a way through JSON and .NET. */
export const ODD_VALUES: Record<string, unknown> = {
  undefined: undefined,
  null: null,
  zero: 0,
  false: false,
  empty: "",
  float: 1.5e300,
  negzero: -0,
  // eslint-disable-next-line no-loss-of-precision -- what is lost is what is tried
  int: 9007199254740993,
  nested: { a: [1, [2, { b: null }]], "key with space": true, "": "emptykey" },
  unicode: "ä€😀\u0000\u2028\ud83d\"\\/<>&'",
  isodate: "2024-01-02T03:04:05.678Z",
  isodateobj: { when: "2024-01-02T03:04:05.6789012Z", offset: "2024-01-02T03:04:05+02:00" },
  jsonstring: '{"a":1}',
  array: [null, 1, "x"],
  bigstr: "x".repeat(100 * 1024),
  numstr: "123",
};

const shortened = (value: unknown) =>
  typeof value === "string" && value.length > 1000 ? { bigString: value.length } : value;

df.app.orchestration("inputEcho", function* (context): Steps {
  const input = inputOf<unknown>(context);
  yield context.df.callActivity("echo", 1);
  return { seen: shape(shortened(input)) };
});

// eslint-disable-next-line require-yield -- an orchestrator is a generator even so
df.app.orchestration("inputReturn", function* (context): Steps {
  return inputOf<unknown>(context);
});

// eslint-disable-next-line require-yield -- an orchestrator is a generator even so
df.app.orchestration("produceOut", function* (context): Steps {
  return ODD_VALUES[inputOf<{ what: string }>(context).what];
});

df.app.orchestration("produceAct", function* (context): Steps {
  const value = yield context.df.callActivity("produce", context.df.getInput());
  return { seen: shape(shortened(value)) };
});

df.app.orchestration("activityInputs", function* (context): Steps {
  const results: unknown[] = [];
  const inputs = [undefined, null, 0, false, "", "text", "123", '{"a":1}', [1], { a: 1 }, "2024-01-02T03:04:05Z"];
  for (const input of inputs) results.push(yield context.df.callActivity("inspect", input));
  return results;
});

df.app.orchestration("customStatus", function* (context): Steps {
  const { size = 10 } = inputOf<{ size?: number } | null>(context) ?? {};
  for (const status of ["text", { o: [1] }, 0, "", null, "z".repeat(size)]) {
    context.df.setCustomStatus(status);
    yield context.df.callActivity("slow", { ms: 50, value: 0 });
  }
  return "done";
});
