import { expect, it } from "vitest";
import { executionsOf } from "../../../bench/executions.ts";
import { centsOf } from "../../../bench/price.ts";

it("bills an execution for as long as it waits for Azure, and for a second at least", () => {
  expect(executionsOf([{ from: 0, to: 3_500 }])).toEqual({ count: 1, seconds: 3.5, secondsApart: 3.5 });
  expect(executionsOf([{ from: 0, to: 0 }])).toEqual({ count: 1, seconds: 1, secondsApart: 1 });
});

it("bills a second that executions share once, and each by itself where they do not", () => {
  const spans = [
    { from: 5_000, to: 5_000 },
    { from: 300, to: 1_800 },
    { from: 0, to: 300 },
  ];
  expect(executionsOf(spans)).toEqual({ count: 3, seconds: 2.8, secondsApart: 3.5 });
});

it("has the price of executions, and of the memory of an instance while there are any", () => {
  const { shared, apart } = centsOf({ count: 1_000_000, seconds: 1000, secondsApart: 1_000_000 });
  expect(shared).toBeCloseTo(40 + 5.2);
  expect(apart).toBeCloseTo(40 + 5200);
});
