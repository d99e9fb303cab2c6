import type { Recorded } from "../app/functions/recorder.ts";
import type { Probe } from "../probe/probe.ts";
import { jsonOf } from "../probe/request.ts";
import { type Scenario, whole } from "./scenario.ts";

const INPUTS: Record<string, unknown> = {
  undefined: undefined,
  null: null,
  zero: 0,
  false: false,
  empty: "",
  text: "text",
  numstr: "123",
  jsonstring: '{"a":1}',
  float: 1.5e300,
  nested: { a: [1, { b: null }], "k k": "" },
  unicode: "ä€😀\u0000\u2028\"\\/<>&'",
  date: "2024-01-02T03:04:05Z",
  dates: { d: "2024-01-02T03:04:05.6789012Z", o: "2024-01-02T03:04:05+02:00" },
  array: [null, 1],
  big: "x".repeat(100 * 1024),
};

/** Names of the values that the app can produce. */
const OUTPUTS =
  "undefined null zero false empty float negzero int nested unicode isodate isodateobj jsonstring array bigstr numstr".split(
    " ",
  );

interface Payload {
  input?: unknown;
  history?: { EventType: number; Input?: string; Result?: string }[];
}

const orchestrationsOf = (records: Recorded[]) => records.filter(({ kind }) => kind === "orchestration");

export const data: Scenario[] = [
  whole("custom-status", "customStatus", null),
  whole("custom-status-over-16k", "customStatus", { size: 20_000 }, { timeoutMs: 15_000 }),
  whole("activity-input-odd", "activityInputs", null),
  {
    name: "input-odd",
    run: async (probe) => {
      for (const [name, value] of Object.entries(INPUTS)) await startWith(probe, name, value);
    },
  },
  {
    name: "output-odd",
    run: async (probe) => {
      for (const what of OUTPUTS) {
        const records = await runWith(probe, "produceOut", what);
        const { status, ...answer } = await probe.api("GET", `/instances/${probe.id(`-${what}`)}`);
        const { runtimeStatus, output } = (jsonOf({ status, ...answer }) ?? {}) as Record<string, unknown>;
        probe.record(what, {
          httpStatus: status,
          runtimeStatus,
          output,
          returned: orchestrationsOf(records).at(-1)?.returned,
        });
      }
    },
  },
  {
    name: "activity-result-odd",
    run: async (probe) => {
      for (const what of OUTPUTS) {
        const records = await runWith(probe, "produceAct", what);
        const { runtimeStatus, output } = await probe.status(probe.id(`-${what}`));
        const payload = orchestrationsOf(records).at(-1)?.input as Payload | undefined;
        const rawResult = payload?.history?.find(({ EventType }) => EventType === 5)?.Result;
        probe.record(what, { runtimeStatus, output, rawResult });
      }
    },
  },
];

async function runWith(probe: Probe, orchestrator: string, what: string): Promise<Recorded[]> {
  const id = probe.id(`-${what}`);
  await probe.start(orchestrator, id, { what });
  await probe.done(id, 15_000);
  return probe.records(id);
}

async function startWith(probe: Probe, name: string, value: unknown): Promise<void> {
  const id = probe.id(`-${name}`);
  probe.record(`${name}-start`, await probe.start("inputEcho", id, value));
  await probe.done(id, 15_000);
  const { input, output, runtimeStatus } = await probe.status(id, "showInput=true");
  const payload = orchestrationsOf(await probe.records(id))[0]?.input as Payload;
  probe.record(name, {
    statusInput: input,
    output,
    runtimeStatus,
    payloadInput: payload.input,
    payloadHasInput: "input" in payload,
    executionStarted: payload.history?.find(({ EventType }) => EventType === 0)?.Input,
  });
}
