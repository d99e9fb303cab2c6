import * as df from "durable-functions";
import { inputOf, later, shape, type Steps } from "./orchestration.ts";

const TEN_DAYS = 10 * 24 * 3_600_000;

df.app.orchestration("timer", function* (context): Steps {
  const { ms } = inputOf<{ ms: number }>(context);
  const begun = context.df.currentUtcDateTime.getTime();
  yield context.df.createTimer(later(context, ms));
  return { firedNotBeforeDue: context.df.currentUtcDateTime.getTime() - begun >= ms };
});

df.app.orchestration("longTimer", function* (context): Steps {
  yield context.df.createTimer(later(context, TEN_DAYS));
  return "never";
});

interface EventOrTimeout {
  ms: number;
  event?: string;
  cancel?: boolean;
  thenActivity?: boolean;
}

df.app.orchestration("eventOrTimeout", function* (context): Steps {
  const { ms, event: name = "Approval", cancel = true, thenActivity } = inputOf<EventOrTimeout>(context);
  const timeout = context.df.createTimer(later(context, ms));
  const event = context.df.waitForExternalEvent(name);
  const winner = yield context.df.Task.any([event, timeout]);
  if (winner !== event) return { winner: "timeout" };
  if (cancel) timeout.cancel();
  if (thenActivity) yield context.df.callActivity("echo", "after");
  return { winner: "event", data: shape(event.result), cancelled: timeout.isCanceled };
});

df.app.orchestration("twoEvents", function* (context): Steps {
  const first = yield context.df.waitForExternalEvent("E");
  return [first, yield context.df.waitForExternalEvent("E")];
});

df.app.orchestration("eventsParallel", function* (context): Steps {
  return yield context.df.Task.all(["E", "E", "F"].map((name) => context.df.waitForExternalEvent(name)));
});

df.app.orchestration("eventCase", function* (context): Steps {
  return yield context.df.waitForExternalEvent("MixedCase");
});

df.app.orchestration("eventThenMore", function* (context): Steps {
  yield context.df.callActivity("slow", { ms: 1500, value: 1 });
  return shape(yield context.df.waitForExternalEvent("Early"));
});

df.app.orchestration("loop", function* (context): Steps {
  const { n, max } = inputOf<{ n: number; max: number }>(context);
  yield context.df.callActivity("echo", n);
  context.df.setCustomStatus(`round ${n}`);
  if (n >= max) return { rounds: n };
  context.df.continueAsNew({ n: n + 1, max });
  return undefined;
});

df.app.orchestration("loopEvents", function* (context): Steps {
  const { seen: before, max } = inputOf<{ seen: unknown[]; max: number }>(context);
  const event = yield context.df.waitForExternalEvent("Tick");
  yield context.df.callActivity("slow", { ms: 300, value: event });
  const seen = [...before, event];
  if (seen.length >= max) return seen;
  context.df.continueAsNew({ seen, max });
  return undefined;
});
