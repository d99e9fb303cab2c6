import { chanceOf } from "../../chance.ts";
import type { Clock } from "../../clock/clock.ts";
import { installClock } from "../../clock/installClock.ts";
import { skippingClock } from "../../clock/skippingClock.ts";
import { type Instance, isOver } from "../durable/taskHub.ts";
import { createHost, type Host, type HostOptions } from "../host.ts";
import { unsteadyJournal } from "../journal/unsteadyJournal.ts";
import { memoryGate } from "../http/memoryGate.ts";
import { type FaultOptions, faultsOf } from "./faults.ts";
import { type HistorySize, historySizes } from "./historySizes.ts";

export interface TestHostOptions
  extends
    FaultOptions,
    Omit<HostOptions, "clock" | "log" | "newId" | "openGate" | "deliveryMilliseconds" | "wrapJournal" | "port"> {
  /** Shared with others who live by it; absent: one that skips to whatever is due next, closed with the host. */
  clock?: Clock | undefined;
  /** What time it is at the start, when no clock is given: milliseconds since 1970. Midnight of 2030 by default. */
  start?: number;
  /** Of all ids, keys and chances of the host; absent: real chance, as ids go, and the seed 0 for faults. */
  seed?: string | number;
  /** Whether it listens on the loopback as well. Without, `send` is the way in. */
  sockets?: boolean;
}

export interface TestHost extends Host {
  clock: Clock;
  /** What the app and the host logged. */
  logs: string[];
  /** By instance id, the most that its history has ever had: over its generations, and also of those that are purged. */
  histories: ReadonlyMap<string, HistorySize>;
  /**
   * For so many seconds of the clock the disk takes nothing: what is done meanwhile is not recorded, and nothing that
   * depends on it goes out, until then. The host lives on; it cannot crash meanwhile, since its memory would not forget.
   */
  storageDown: (seconds: number) => void;
  /** The instance as soon as it has ended, or as soon as `until` holds. Rejects after a week of the host's clock. */
  instance: (instanceId: string, until?: (instance: Instance) => boolean) => Promise<Instance>;
}

/** Midnight, so that schedules in tests are easy to foresee. */
export const TEST_START = Date.parse("2030-01-01T00:00:00Z");

const LONGEST_WAIT = 7 * 24 * 3_600_000;

/** Names of hosts without sockets; the app may write them into URLs, so each run starts with the same. */
const HOST_NAME = "functions.host";
const DURABLE_NAME = "durable.functions.host";

/**
 * Runs an app in this process, in time that skips: a month passes as fast as what happens in it can be computed.
 * Until it is closed the process's globals (`Date`, timers) live by the host's clock. One at a time in a process.
 */
export async function createTestHost(options: TestHostOptions): Promise<TestHost> {
  const { start = TEST_START, seed, sockets = false, clock: given, duplicateActivities, crash, ...others } = options;
  const { wrapFunctions = (functions) => functions, onChange, latestDeliveryMilliseconds = 0, ...rest } = others;
  const clock = given ?? skippingClock(start);
  const uninstall = installClock(clock);
  const logs: string[] = [];
  const endClock = () => {
    uninstall();
    if (!given) clock.close();
  };
  let storageBackAt = 0;
  const isDown = () => clock.now() < storageBackAt;
  const hostOptions: HostOptions = {
    ...rest,
    wrapJournal: (journal) => unsteadyJournal(journal, { isDown, clock }),
    clock,
    log: (line) => logs.push(line),
  };
  if (seed !== undefined) {
    const ids = chanceOf(seed, "ids");
    hostOptions.newId = () => ids.id();
  }
  if (!sockets) hostOptions.openGate = (_, whose) => memoryGate(whose === "host" ? HOST_NAME : DURABLE_NAME);
  const faultOptions = { ...(duplicateActivities && { duplicateActivities }), ...(crash && { crash }) };
  const faults = faultsOf(faultOptions, chanceOf(seed ?? 0, "faults"), () => host.crash());
  hostOptions.wrapFunctions = (functions) => faults.wrapFunctions(wrapFunctions(functions));
  if (latestDeliveryMilliseconds > 0) {
    const order = chanceOf(seed ?? 0, "deliveries");
    hostOptions.deliveryMilliseconds = () => order.whole(0, latestDeliveryMilliseconds);
  }
  const waits = new Set<() => void>();
  const histories = historySizes();
  hostOptions.onChange = (change) => {
    onChange?.(change);
    if (host) histories.look(change, host.hub);
    faults.onChange(change);
    for (const look of waits) look();
  };
  let host: Host;
  try {
    host = await createHost(hostOptions);
  } catch (error) {
    endClock();
    throw error;
  }
  return {
    ...host,
    clock,
    logs,
    histories: histories.sizes,
    storageDown: (seconds) => void (storageBackAt = clock.now() + seconds * 1000),
    crash(downSeconds) {
      if (isDown()) throw new Error("A host whose storage is down cannot crash here: its memory would not forget.");
      host.crash(downSeconds);
    },
    instance: (id, until) => waitForInstance(host, clock, waits, id, until),
    async close() {
      await host.close();
      endClock();
    },
  };
}

/** @param waits what looks again after each change. */
function waitForInstance(
  { hub }: Host,
  clock: Clock,
  waits: Set<() => void>,
  instanceId: string,
  until = ({ runtimeStatus }: Instance) => isOver(runtimeStatus),
): Promise<Instance> {
  return new Promise((resolve, reject) => {
    const end = () => {
      waits.delete(look);
      timeout.cancel();
    };
    const look = () => {
      const instance = hub.instances.get(instanceId);
      if (!instance || !until(instance)) return;
      end();
      resolve(instance);
    };
    const timeout = clock.setTimeout(() => {
      end();
      const status = hub.instances.get(instanceId)?.runtimeStatus ?? "unknown";
      reject(new Error(`The instance ${instanceId} is still ${status} after a week.`));
    }, LONGEST_WAIT);
    waits.add(look);
    look();
  });
}
