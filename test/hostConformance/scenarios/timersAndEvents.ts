import type { Probe } from "../probe/probe.ts";
import { JSON_TYPE, type Scenario, whole } from "./scenario.ts";

type Act = (probe: Probe, id: string) => Promise<void>;

/** An orchestration that waits, and what is done to it meanwhile. */
function waiting(
  name: string,
  input: unknown,
  act: Act,
  { orchestrator = "eventOrTimeout", beforeMs = 1200 }: { orchestrator?: string; beforeMs?: number } = {},
): Scenario {
  const run = async (probe: Probe) => {
    const id = probe.id();
    probe.record("start", await probe.start(orchestrator, id, input));
    await probe.running(id);
    await probe.sleep(beforeMs);
    await act(probe, id);
    const { $timedOut } = await probe.done(id, 30_000);
    const seen = await probe.look(id);
    if ($timedOut) seen["note"] = "not finished when the probe stopped waiting";
  };
  return { name, run };
}

/** Raises an event and records the answer. */
const raise = async (probe: Probe, label: string, id: string, ...event: [string, unknown?]) =>
  probe.record(label, await probe.client("raiseEvent", id, ...event));

const MINUTE = { ms: 60_000 };
const LONG_NAME = "N".repeat(300);
const ODD_NAME = "a b/c?d%e";

export const timers: Scenario[] = [
  whole("timer", "timer", { ms: 2000 }),
  whole("timer-zero", "timer", { ms: 0 }),
  whole("timer-past", "timer", { ms: -5000 }),
  {
    name: "timer-long",
    run: async (probe) => {
      const id = probe.id();
      await probe.start("longTimer", id);
      await probe.running(id);
      await probe.sleep(2500);
      await probe.look(id, "waiting");
      probe.record("terminate", await probe.client("terminate", id, "enough"));
      await probe.done(id);
      await probe.look(id, "terminated");
    },
  },
];

export const events: Scenario[] = [
  waiting("event-wins", MINUTE, (probe, id) => raise(probe, "raise", id, "Approval", { by: "me", n: 1 })),
  waiting("event-timeout", { ms: 2000 }, async () => {}),
  waiting("event-wins-timer-not-cancelled", { ms: 8000, cancel: false }, async (probe, id) => {
    await raise(probe, "raise", id, "Approval", 1);
    await probe.sleep(3000);
    probe.record("statusThreeSecondsLater", await probe.status(id));
  }),
  waiting("event-undefined-data", MINUTE, async (probe, id) => {
    await raise(probe, "raise", id, "Approval", undefined);
    await probe.client("terminate", id, "end");
  }),
  waiting("event-null-data", MINUTE, (probe, id) => raise(probe, "raise", id, "Approval", null)),
  waiting("event-string-data", MINUTE, (probe, id) => raise(probe, "raise", id, "Approval", 'text "q"')),
  waiting(
    "event-case",
    null,
    async (probe, id) => {
      await raise(probe, "raiseLower", id, "mixedcase", "lower");
      await probe.sleep(2500);
      probe.record("statusAfterLower", await probe.status(id));
      await raise(probe, "raiseExact", id, "MixedCase", "exact");
    },
    { orchestrator: "eventCase" },
  ),
  waiting("event-long-name", { ...MINUTE, event: LONG_NAME }, (probe, id) => raise(probe, "raise", id, LONG_NAME, 1)),
  waiting("event-odd-name", { ms: 20_000, event: ODD_NAME }, async (probe, id) => {
    await raise(probe, "raiseRaw", id, ODD_NAME, "raw");
    await raise(probe, "raiseEncoded", id, encodeURIComponent(ODD_NAME), "encoded");
  }),
  waiting("event-order", null, (probe, id) => raiseAll(probe, id, ["E", "one"], ["E", "two"]), {
    orchestrator: "twoEvents",
  }),
  waiting("event-parallel-same-name", null, (probe, id) => raiseAll(probe, id, ["E", "e1"], ["F", "f1"], ["E", "e2"]), {
    orchestrator: "eventsParallel",
  }),
  waiting("event-early", null, (probe, id) => raise(probe, "raise", id, "Early", "early"), {
    orchestrator: "eventThenMore",
    beforeMs: 0,
  }),
  { name: "event-unknown-and-finished", run: raiseAtNobody },
  {
    name: "event-before-start",
    run: async (probe) => {
      await raise(probe, "raise", probe.id(), "Approval", "too early");
      await probe.start("eventOrTimeout", probe.id(), { ms: 3000 });
      await probe.done(probe.id());
      await probe.look(probe.id());
    },
  },
];

async function raiseAll(probe: Probe, id: string, ...all: [string, unknown][]): Promise<void> {
  for (const [name, data] of all) {
    await probe.client("raiseEvent", id, name, data);
    await probe.sleep(1500);
  }
}

async function raiseAtNobody(probe: Probe): Promise<void> {
  const raiseByApi = (id: string) =>
    probe.api("POST", `/instances/${id}/raiseEvent/E`, { body: "1", headers: JSON_TYPE });
  await raise(probe, "unknown", probe.id("-none"), "E", 1);
  probe.record("unknownApi", await raiseByApi(probe.id("-none")));
  await probe.start("seq", probe.id(), { n: 1 });
  await probe.done(probe.id());
  await raise(probe, "finished", probe.id(), "E", 1);
  probe.record("finishedApi", await raiseByApi(probe.id()));
  await probe.sleep(1000);
  probe.record("statusAfter", await probe.status(probe.id()));
}
