import { onTestFinished } from "vitest";
import { skippingClock } from "../../local/clock/skippingClock.ts";
import {
  createTestHost,
  TEST_START,
  type TestHost,
  type TestHostOptions,
} from "../../local/functionsHost/testing/testHost.ts";

export { TEST_START, type TestHost };

/** A host for one test, on the loopback, closed when the test is over. Its clock outlives it, for a host after it. */
export async function startHost(options: TestHostOptions): Promise<TestHost> {
  const clock = options.clock ?? skippingClock(TEST_START);
  if (!options.clock) onTestFinished(() => clock.close());
  const host = await createTestHost({ sockets: true, ...options, clock });
  onTestFinished(host.close);
  return host;
}
