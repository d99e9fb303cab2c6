import * as df from "durable-functions";
import { inputOf, later, type Steps } from "./orchestration.ts";

interface Run {
  guids: string[];
  times: number[];
  replaying: boolean[];
}

const observed = new Map<string, Run[]>();

df.app.orchestration("determinism", function* (context): Steps {
  const runs = observed.get(context.df.instanceId) ?? [];
  observed.set(context.df.instanceId, runs);
  const run: Run = { guids: ["a", "a", "b"].map((text) => context.df.newGuid(text)), times: [], replaying: [] };
  const look = () => {
    run.times.push(context.df.currentUtcDateTime.getTime());
    run.replaying.push(context.df.isReplaying);
  };
  look();
  runs.push(run);
  for (const input of [1, 2]) {
    yield context.df.callActivity("echo", input);
    look();
  }
  const [first = 0, second = 0, third = 0] = run.times;
  return {
    runs: runs.length,
    replayingPerRun: runs.map(({ replaying }) => replaying),
    guidsSameInAllRuns: runs.every(({ guids }) => JSON.stringify(guids) === JSON.stringify(run.guids)),
    guidsDistinct: new Set(run.guids).size,
    timesSameInAllRuns: runs.every(({ times }) => times.every((time, at) => time === run.times[at])),
    timeMovesForward: first <= second && second <= third,
    timeMoved: first < third,
  };
});

/** How often each instance's function was called: what makes a replay go another way. */
const calls = new Map<string, number>();

df.app.orchestration("nondet", function* (context): Steps {
  const { mode } = inputOf<{ mode: string }>(context);
  const { instanceId } = context.df;
  const runs = (calls.get(instanceId) ?? 0) + 1;
  calls.set(instanceId, runs);
  const isFirst = runs === 1;
  switch (mode) {
    case "name":
      return { v: yield context.df.callActivity(isFirst ? "echo" : "inspect", "x"), runs };
    case "kind":
      if (isFirst) yield context.df.callActivity("echo", "x");
      else yield context.df.createTimer(later(context, 1000));
      return { runs };
    case "fewer":
      if (isFirst) {
        yield context.df.callActivity("echo", "x");
        yield context.df.callActivity("echo", "y");
      }
      return { runs };
    case "input":
      return { v: yield context.df.callActivity("echo", `run ${runs}`), runs };
    case "more":
      if (!isFirst) yield context.df.callActivity("inspect", "extra");
      return { v: yield context.df.callActivity("echo", "x"), runs };
    default:
      throw new Error(`There is no mode ${mode}.`);
  }
});
