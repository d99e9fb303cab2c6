import { type Scenario, whole } from "./scenario.ts";

const items = (...list: { ms: number; value?: string; fail?: string }[]) => ({ items: list });
const RETRIED_CHILD = { retry: 3, failTimes: 1 };

export const fanOuts: Scenario[] = [
  whole("fanout", "fanout", items({ ms: 300, value: "a" }, { ms: 1500, value: "b" }, { ms: 2700, value: "c" })),
  whole(
    "fanout-one-fails",
    "fanout",
    items({ ms: 300, value: "a" }, { ms: 1500, fail: "b failed" }, { ms: 2700, value: "c" }),
  ),
  whole("fanout-two-fail-then-activity", "fanout", {
    ...items({ ms: 300, fail: "a failed" }, { ms: 1500, fail: "b failed" }),
    after: true,
  }),
  whole("fanout-any", "fanoutAny", items({ ms: 300, value: "fast" }, { ms: 2500, value: "slow" })),
  whole("fanout-empty", "emptyAll", null),
  whole("wrapper", "wrapper", null, { timeoutMs: 30_000 }),
];

/** A parent whose child has an id of its own, to be looked at as well. */
const withChild = (name: string, input: object): Scenario => ({
  name,
  run: async (probe) => {
    await probe.whole("parent", { ...input, childSuffix: "-child" });
    await probe.look(`${probe.id()}-child`, "child");
  },
});

export const subOrchestrations: Scenario[] = [
  whole("sub", "parent", { input: { value: "v" } }),
  whole("sub-no-input", "parent", {}),
  withChild("sub-explicit-id", { input: { value: "v" } }),
  whole("sub-fails-caught", "parent", { input: { fail: "child failed" } }),
  whole("sub-fails", "parent", { input: { fail: "child failed" }, uncaught: true }),
  whole("sub-retry", "parent", RETRIED_CHILD),
  whole("sub-retry-exhausted", "parent", { retry: 2, failTimes: 99 }),
  withChild("sub-retry-explicit-id", RETRIED_CHILD),
  whole("sub-unknown", "parent", { name: "noSuchOrchestrator", input: 1 }, { timeoutMs: 20_000 }),
  {
    name: "sub-id-in-use",
    run: async (probe) => {
      const [id, child] = [probe.id(), probe.id("-child")];
      await probe.start("eventCase", child);
      await probe.running(child);
      await probe.start("parent", id, { input: { value: "v" }, childSuffix: "-child" });
      await probe.done(id, 15_000);
      await probe.look(id, "parent");
      await probe.look(child, "child");
    },
  },
];

export const continueAsNew: Scenario[] = [
  whole("continue-as-new", "loop", { n: 1, max: 3 }),
  {
    name: "continue-as-new-events",
    run: async (probe) => {
      const id = probe.id();
      await probe.start("loopEvents", id, { seen: [], max: 3 });
      await probe.running(id);
      for (const value of ["one", "two", "three"]) {
        probe.record(`raise-${value}`, await probe.client("raiseEvent", id, "Tick", value));
      }
      await probe.done(id, 8_000);
      await probe.look(id);
      probe.record("terminate", await probe.client("terminate", id, "end"));
      probe.record("end", await probe.done(id));
    },
  },
];
