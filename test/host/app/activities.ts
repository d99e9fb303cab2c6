import * as df from "durable-functions";
import { trace } from "./trace.ts";

const tries = new Map<string, number>();

export function registerActivities(): void {
  tries.clear();
  df.app.activity("echo", { handler: (input: unknown) => input });
  df.app.activity("traced", {
    handler: (input: { name: string }) => {
      trace(input.name);
      return input.name;
    },
  });
  df.app.activity("slow", {
    handler: async (input: { name: string; milliseconds: number; fail?: string }) => {
      trace(`${input.name} begun`);
      await new Promise((resolve) => setTimeout(resolve, input.milliseconds));
      if (input.fail) throw new Error(input.fail);
      trace(`${input.name} done`);
      return input.name;
    },
  });
  df.app.activity("flaky", {
    handler: (input: { id: string; failures: number }) => {
      const count = (tries.get(input.id) ?? 0) + 1;
      tries.set(input.id, count);
      trace(`try ${count}`);
      if (count <= input.failures) throw new Error(`failure ${count}`);
      return count;
    },
  });
  df.app.activity("describe", {
    handler: (input: unknown) => (input === undefined ? "undefined" : `${typeof input} ${JSON.stringify(input)}`),
  });
  df.app.activity("throwNull", {
    handler: () => {
      // eslint-disable-next-line typescript/only-throw-error -- what is thrown is what is tried
      throw null;
    },
  });
  df.app.activity("disabledOne", { handler: () => "never" });
}
