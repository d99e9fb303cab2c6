import { onTestFinished } from "vitest";
import type { Clock } from "../../local/clock/clock.ts";
import { installClock } from "../../local/clock/installClock.ts";
import { skippingClock } from "../../local/clock/skippingClock.ts";
import type { Instance } from "../../local/functionsHost/durable/taskHub.ts";
import { createHost, type Host, type HostOptions } from "../../local/functionsHost/host.ts";

export interface TestHost extends Host {
  clock: Clock;
  /** What the app and the host logged. */
  logs: string[];
  /** The instance as soon as it has ended, or as soon as `until` holds. Rejects after a day of the host's clock. */
  instance(instanceId: string, until?: (instance: Instance) => boolean): Promise<Instance>;
}

const LONGEST_WAIT = 24 * 3_600_000;

/** Midnight, so that schedules in tests are easy to foresee. */
export const TEST_START = Date.parse("2030-01-01T00:00:00Z");

/**
 * A host for one test, closed when the test is over. Without a clock it gets one that skips to whatever is due next,
 * and the process's globals live by it until then.
 */
export async function startHost(options: Omit<HostOptions, "clock"> & { clock?: Clock }): Promise<TestHost> {
  const clock = options.clock ?? skippingClock(TEST_START);
  const uninstall = installClock(clock);
  if (!options.clock) onTestFinished(() => clock.close());
  onTestFinished(uninstall);
  const logs: string[] = [];
  const host = await createHost({ ...options, clock, log: (line) => logs.push(line) });
  onTestFinished(host.close);
  return { ...host, clock, logs, instance: (id, until) => waitForInstance(host, clock, id, until) };
}

async function waitForInstance(
  host: Host,
  clock: Clock,
  instanceId: string,
  until: (instance: Instance) => boolean = hasEnded,
): Promise<Instance> {
  const start = clock.now();
  for (;;) {
    const instance = host.hub.instances.get(instanceId);
    if (instance && until(instance)) return instance;
    if (clock.now() - start > LONGEST_WAIT) {
      throw new Error(`The instance ${instanceId} is still ${instance?.runtimeStatus ?? "unknown"} after a day.`);
    }
    await clock.sleep(200);
  }
}

const hasEnded = ({ runtimeStatus }: Instance) => ["Completed", "Failed", "Terminated"].includes(runtimeStatus);
