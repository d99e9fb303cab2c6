import type { Probe } from "../probe/probe.ts";

/** Something that is tried on a host; its recording tells what the real one did. */
export interface Scenario {
  /** The recording's file name. */
  name: string;
  run: (probe: Probe) => Promise<void>;
}

/** One orchestration from its start to its end. */
export const whole = (
  name: string,
  orchestrator: string,
  input: unknown,
  settings?: { timeoutMs?: number; payloads?: "all" },
): Scenario => ({ name, run: (probe) => probe.whole(orchestrator, input, settings) });

export const JSON_TYPE = { "content-type": "application/json" };
