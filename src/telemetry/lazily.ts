import { firstTimes } from "./firstTimes.ts";
import type { Telemetry } from "./telemetry.ts";

/** Told things that wait until the exporters are loaded; beyond, the oldest are given up. */
const MOST_WAITING = 5000;

/**
 * Telemetry whose libraries are loaded when there is something to tell: no request waits for them at a cold start.
 *
 * @param failed is told where they cannot be loaded: then nothing is told, and the service works.
 */
export function lazily(load: () => Promise<Telemetry>, failed: (error: unknown) => void): Telemetry {
  let waiting: ((telemetry: Telemetry) => void)[] = [];
  let loaded: Telemetry | undefined;
  let loading: Promise<void> | undefined;

  async function begin(): Promise<void> {
    try {
      loaded = await load();
      for (const tell of waiting) tell(loaded);
    } catch (error) {
      failed(error);
    } finally {
      waiting = [];
    }
  }

  function pass(tell: (telemetry: Telemetry) => void): void {
    if (loaded) return tell(loaded);
    if (waiting.push(tell) > MOST_WAITING) waiting.shift();
    loading ??= begin();
  }

  return {
    span: (span) => pass((telemetry) => telemetry.span(span)),
    measure: (name, value, attributes) => pass((telemetry) => telemetry.measure(name, value, attributes)),
    gauge: (name, value) => pass((telemetry) => telemetry.gauge(name, value)),
    isNews: firstTimes(),
    async flush() {
      await loading;
      await loaded?.flush();
    },
  };
}
