import { expect, it } from "vitest";
import { StepDelayed } from "../../src/domain/failure.ts";
import { occurrence, occurrenceFunctionsOf, started } from "../support/fakeOccurrence.ts";
import { runOrchestration } from "../support/orchestration.ts";

const instance = { instanceId: "schedule-one-20260115T030000Z", input: occurrence };

it("an occurrence waits for its start, is decided, and that is carried out", async () => {
  const ran = await runOrchestration(occurrenceFunctionsOf(), instance);
  expect(ran).toMatchObject({ status: "Completed", output: started });
  expect(ran.calls.map(({ name }) => name)).toEqual(["decideOccurrence", "carryOutDecision"]);
  // Timers may be a second early.
  expect(ran.seconds).toBeGreaterThanOrEqual(3719);
  const [decide, carryOut] = ran.calls.map(({ input }) => input as { wokeAt: string });
  expect(Math.abs(Date.parse(decide?.wokeAt ?? "") - Date.parse(occurrence.startAt))).toBeLessThanOrEqual(1000);
  expect(carryOut).toEqual({ image: "one", decision: started });
});

it("an occurrence that is late is decided at once, by the time at which that is", async () => {
  const late = { ...occurrence, startAt: "2026-01-15T01:00:00.000Z" };
  const ran = await runOrchestration(occurrenceFunctionsOf(), { ...instance, input: late });
  expect(ran.calls[0]?.input).toMatchObject({ startAt: late.startAt, wokeAt: "2026-01-15T02:00:00.000Z" });
});

it("an occurrence waits where Azure asks to, and is decided as of when it began", async () => {
  let asked = 0;
  const functions = occurrenceFunctionsOf({
    decideOccurrence: async () => {
      if (asked++ === 0) throw new StepDelayed("TooManyRequests", 1200);
      return started;
    },
  });
  const ran = await runOrchestration(functions, instance);
  expect(ran).toMatchObject({ status: "Completed", output: started });
  expect(ran.seconds).toBeGreaterThanOrEqual(3719 + 1199);
  const [first, second] = ran.calls.filter(({ name }) => name === "decideOccurrence");
  expect(second?.input).toEqual(first?.input);
});

it("an occurrence that cannot be decided ends so, and the next tick begins it anew", async () => {
  const functions = occurrenceFunctionsOf({
    decideOccurrence: async () => {
      throw new Error("The archive is out of reach.");
    },
  });
  const ran = await runOrchestration(functions, instance);
  expect(ran.status).toBe("Failed");
  expect(ran.calls.some(({ name }) => name === "carryOutDecision")).toBe(false);
});
