import * as df from "durable-functions";
import { caught, inputOf, later, type Steps } from "./orchestration.ts";

const counter = (key: string) => new df.EntityId("counter", key);

df.app.entity("counter", ({ df: entity }) => {
  const count = () => entity.getState(() => 0) as number;
  const add = () => {
    const sum = count() + (entity.getInput<number>() ?? 0);
    entity.setState(sum);
    return sum;
  };
  switch (entity.operationName) {
    case "add":
      return entity.return(add());
    case "get":
      return entity.return(count());
    case "addQuiet":
      return void add();
    case "isNew":
      return entity.return(entity.isNewlyConstructed);
    case "throw":
      throw new Error("entity message");
    case "setThenThrow":
      entity.setState(999);
      throw new Error("after set");
    case "delete":
      return entity.destructOnExit();
    case "forward": {
      const { to, by } = entity.getInput<{ to: string; by: number }>() ?? { to: "", by: 0 };
      entity.signalEntity(counter(to), "add", by);
      return entity.return("forwarded");
    }
    case "echoInput": {
      const input = entity.getInput();
      return entity.return({ type: input === undefined ? "undefined" : typeof input, value: input ?? null });
    }
    case "setNull":
      return entity.setState(null);
    default:
      return entity.return(`unknown operation ${entity.operationName}`);
  }
});

df.app.orchestration("entityCalls", function* (context): Steps {
  const id = counter(inputOf<{ key: string }>(context).key);
  const out: Record<string, unknown> = {};
  out["isNew"] = yield context.df.callEntity(id, "isNew");
  out["add1"] = yield context.df.callEntity(id, "add", 5);
  context.df.signalEntity(id, "add", 10);
  out["get"] = yield context.df.callEntity(id, "get");
  out["quiet"] = (yield context.df.callEntity(id, "addQuiet", 1)) ?? "nothing";
  out["both"] = yield context.df.Task.all([context.df.callEntity(id, "add", 1), context.df.callEntity(id, "add", 1)]);
  out["noInput"] = yield context.df.callEntity(id, "echoInput");
  out["nullInput"] = yield context.df.callEntity(id, "echoInput", null);
  out["unknown"] = yield context.df.callEntity(id, "bogus");
  return out;
});

df.app.orchestration("entityThrow", function* (context): Steps {
  const { key, uncaught } = inputOf<{ key: string; uncaught?: boolean }>(context);
  const id = counter(key);
  const out: Record<string, unknown> = {};
  out["add"] = yield context.df.callEntity(id, "add", 1);
  if (uncaught) return yield context.df.callEntity(id, "throw");
  for (const [name, operation] of [
    ["threw", "throw"],
    ["setThenThrow", "setThenThrow"],
  ] as const) {
    try {
      out[name] = { returned: yield context.df.callEntity(id, operation) };
    } catch (error) {
      out[name] = nameAndMessage(error);
    }
  }
  out["get"] = yield context.df.callEntity(id, "get");
  return out;
});

df.app.orchestration("entityDelete", function* (context): Steps {
  const id = counter(inputOf<{ key: string }>(context).key);
  const out: Record<string, unknown> = {};
  out["add"] = yield context.df.callEntity(id, "add", 3);
  yield context.df.callEntity(id, "delete");
  out["isNewAfter"] = yield context.df.callEntity(id, "isNew");
  out["getAfter"] = yield context.df.callEntity(id, "get");
  yield context.df.callEntity(id, "delete");
  return out;
});

df.app.orchestration("entityForward", function* (context): Steps {
  const { key, to } = inputOf<{ key: string; to: string }>(context);
  const r = yield context.df.callEntity(counter(key), "forward", { to, by: 7 });
  yield context.df.createTimer(later(context, 2500));
  return { r, other: yield context.df.callEntity(counter(to), "get") };
});

df.app.orchestration("entityUnknown", function* (context): Steps {
  try {
    return { r: yield context.df.callEntity(new df.EntityId("noSuchEntity", "k"), "op") };
  } catch (error) {
    return nameAndMessage(error);
  }
});

df.app.orchestration("entityLock", function* (context): Steps {
  return yield context.df.lock(counter(inputOf<{ key: string }>(context).key));
});

function nameAndMessage(error: unknown): unknown {
  const { name, message } = caught(error);
  return { name, message };
}
