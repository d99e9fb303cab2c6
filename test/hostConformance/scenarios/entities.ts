import type { Probe, Status } from "../probe/probe.ts";
import { jsonOf } from "../probe/request.ts";
import { JSON_TYPE, type Scenario, whole } from "./scenario.ts";

/** What an orchestration does with a counter of its own. */
const withCounter = (name: string, orchestrator: string, input: object = {}): Scenario => ({
  name,
  run: async (probe) => {
    const key = probe.id("-key");
    await probe.whole(orchestrator, { key, ...input }, { timeoutMs: 30_000 });
    await probe.sleep(1000);
    await probe.entity("counter", key);
  },
});

/** Time for a signal to be performed. */
const settle = (probe: Probe) => probe.sleep(2500);

export const entities: Scenario[] = [
  withCounter("entity-calls", "entityCalls"),
  withCounter("entity-throws", "entityThrow"),
  withCounter("entity-throws-uncaught", "entityThrow", { uncaught: true }),
  withCounter("entity-delete", "entityDelete"),
  withCounter("entity-lock", "entityLock"),
  whole("entity-unknown", "entityUnknown", {}, { timeoutMs: 12_000 }),
  {
    name: "entity-forward",
    run: async (probe) => {
      await probe.whole("entityForward", { key: probe.id("-a"), to: probe.id("-b") });
      await probe.entity("counter", probe.id("-a"), "from");
      await probe.entity("counter", probe.id("-b"), "to");
    },
  },
  { name: "entity-client", run: useFromOutside },
  {
    name: "entity-signal-order",
    run: async (probe) => {
      const key = probe.id("-key");
      for (const k of [1, 2, 3]) await probe.client("signalEntity", { $entity: ["counter", key] }, "add", k);
      await probe.sleep(3000);
      const batches = (await probe.records(`@counter@${key}`)).map(
        ({ input }) => (input as { batch: { name: string; input: string }[] }).batch,
      );
      const operations = batches.flat().map(({ name, input }) => `${name} ${input}`);
      probe.record("operationsInOrder", operations);
      probe.record("state", (await probe.api("GET", `/entities/counter/${key}`)).body);
    },
  },
  { name: "lease-protocol", run: shareLeases },
];

async function useFromOutside(probe: Probe): Promise<void> {
  const key = probe.id("-key");
  const entity = { $entity: ["counter", key] };
  const read = () => probe.client("readEntityState", entity);
  const signal = (operation: string, input?: unknown) => probe.client("signalEntity", entity, operation, input);
  const path = `/entities/counter/${key}`;
  probe.record("readMissing", await read());
  probe.record("readMissingApi", await probe.api("GET", path));
  probe.record("signal", await signal("add", 4));
  await settle(probe);
  probe.record("read", await read());
  probe.record("signalApi", await probe.api("POST", `${path}?op=add`, { body: "6", headers: JSON_TYPE }));
  await settle(probe);
  probe.record("readApi", await probe.api("GET", path));
  probe.record("signalNoOp", await probe.client("signalEntity", entity));
  await settle(probe);
  probe.record("nameCase", await probe.api("GET", `/entities/COUNTER/${key}`));
  probe.record("signalThrow", await signal("throw"));
  await settle(probe);
  probe.record("readAfterThrow", await read());
  const unknown = { $entity: ["noSuchEntity", "k"] };
  probe.record("signalUnknownEntity", await probe.client("signalEntity", unknown, "op"));
  probe.record("setNull", await signal("setNull"));
  await settle(probe);
  probe.record("readAfterNull", await read());
  probe.record("delete", await signal("delete"));
  await settle(probe);
  probe.record("readAfterDelete", await read());
  probe.record("instanceStatus", await probe.api("GET", `/instances/@counter@${key}`));
  await probe.entity("counter", key);
}

const USERS = 20;
const LEASES = 3;

/** Twenty orchestrations, an entity that lends three leases, waiting by timer. */
async function shareLeases(probe: Probe): Promise<void> {
  const key = probe.id("-k");
  await probe.client("signalEntity", { $entity: ["lease", key] }, "configure", { cap: LEASES });
  await probe.sleep(1500);
  const users = Array.from({ length: USERS }, (_, k) => ({ id: probe.id(`-${k}`), who: `u${k}` }));
  await Promise.all(users.map(({ id, who }) => probe.start("leaseUser", id, { key, workMs: 300, who })));
  const ends: Status[] = [];
  for (const { id } of users) ends.push(await probe.done(id, 120_000));
  await probe.sleep(1500);
  const { holders, max, log } = jsonOf(await probe.api("GET", `/entities/lease/${key}`)) as {
    holders: string[];
    max: number;
    log: string[];
  };
  probe.record("result", {
    allCompleted: ends.every(({ runtimeStatus }) => runtimeStatus === "Completed"),
    someHadToWait: ends.some(({ output }) => (output as { polls: number }).polls > 1),
    holdersLeft: holders.length,
    neverMoreThanCap: max <= LEASES,
    granted: log.filter((line) => line.startsWith("+")).length,
    released: log.filter((line) => line.startsWith("-")).length,
  });
}
