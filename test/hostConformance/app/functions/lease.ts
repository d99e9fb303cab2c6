/** A lease protocol on an entity: whoever finds none free comes again by a timer, never by a lock. */
import * as df from "durable-functions";
import { inputOf, later, type Steps } from "./orchestration.ts";

interface Lease {
  holders: string[];
  log: string[];
  cap: number;
  max: number;
}

df.app.entity<Lease>("lease", ({ df: entity }) => {
  const state = entity.getState(() => ({ holders: [], log: [], cap: 1, max: 0 })) as Lease;
  const { who = "", cap = 1 } = entity.getInput<{ who?: string; cap?: number }>() ?? {};
  switch (entity.operationName) {
    case "configure":
      return entity.setState({ ...state, cap });
    case "acquire":
      if (state.holders.length >= state.cap) return entity.return({ granted: false, waitMs: 1000 });
      state.holders.push(who);
      state.max = Math.max(state.max, state.holders.length);
      state.log.push(`+${who}`);
      entity.setState(state);
      return entity.return({ granted: true });
    case "release":
      state.holders = state.holders.filter((holder) => holder !== who);
      state.log.push(`-${who}`);
      entity.setState(state);
      return entity.return({ released: true });
    default:
      return entity.return(state);
  }
});

df.app.orchestration("leaseUser", function* (context): Steps {
  const { key, workMs, who } = inputOf<{ key: string; workMs: number; who: string }>(context);
  const id = new df.EntityId("lease", key);
  let polls = 0;
  for (;;) {
    const answer = (yield context.df.callEntity(id, "acquire", { who })) as { granted: boolean; waitMs: number };
    polls++;
    if (answer.granted) break;
    yield context.df.createTimer(later(context, answer.waitMs));
  }
  try {
    yield context.df.callActivity("slow", { ms: workMs, value: who });
  } finally {
    yield context.df.callEntity(id, "release", { who });
  }
  return { polls };
});
