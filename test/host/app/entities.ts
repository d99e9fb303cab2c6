import * as df from "durable-functions";
import type { OrchestrationContext } from "durable-functions";

interface Order {
  key: string;
  operation: string;
  input?: unknown;
  /** Whether nobody waits for it. */
  signal?: boolean;
  /** Of the entity, by default the account. */
  name?: string;
}

const entityOf = ({ name = "Account", key }: Order) => new df.EntityId(name, key);

function perform(context: OrchestrationContext, order: Order): df.Task | undefined {
  if (!order.signal) return context.df.callEntity(entityOf(order), order.operation, order.input);
  context.df.signalEntity(entityOf(order), order.operation, order.input);
  return undefined;
}

/** How often the sluggish entity has been called. */
let calls = 0;

export function registerEntities(): void {
  calls = 0;
  /** Remembers what it was told; the first call takes an hour. */
  // oxlint-disable-next-line typescript/no-misused-promises -- the library waits for it, whatever its types say
  df.app.entity<string[] | null>("Sluggish", async ({ df: entity }) => {
    const entries = entity.getState(() => []) ?? [];
    if (calls++ === 0) await new Promise((resolve) => setTimeout(resolve, 3_600_000));
    entity.setState([...entries, entity.getInput<string>() ?? "nothing"]);
    entity.return(entries.length + 1);
  });

  /** Remembers what it was told, in order. */
  df.app.entity<string[] | null>("Account", ({ df: entity }) => {
    const entries = entity.getState(() => []) ?? [];
    switch (entity.operationName) {
      case "note":
        entity.setState([...entries, entity.getInput<string>() ?? "nothing"]);
        return entity.return(entries.length + 1);
      case "read":
        return entity.return(entries);
      case "noteAndThrow":
        entity.setState([...entries, "thrown"]);
        throw new Error("an error that nobody will read");
      case "isNew":
        return entity.return(entity.isNewlyConstructed);
      case "close":
        return entity.destructOnExit();
      case "pass":
        return entity.signalEntity(new df.EntityId("account", "other"), "note", entity.getInput());
      default:
        return entity.return("unknown");
    }
  });

  /** Carries out orders one after another; what they threw stands among the results. */
  df.app.orchestration("ordersEntities", function* (context) {
    const results: unknown[] = [];
    for (const order of context.df.getInput<Order[]>()) {
      try {
        const task = perform(context, order);
        if (task) results.push(yield task);
      } catch (error) {
        results.push(`caught ${String(error)}`);
      }
    }
    return results;
  });

  df.app.orchestration("asksTwiceAtOnce", function* (context) {
    const ask = () => context.df.callEntity(new df.EntityId("Account", "one"), "note", "x");
    return yield context.df.Task.all([ask(), ask()]);
  });

  df.app.orchestration("locksEntity", function* (context) {
    return yield context.df.lock(new df.EntityId("Account", "one"));
  });
}
