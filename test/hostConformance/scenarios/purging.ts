import type { Probe } from "../probe/probe.ts";
import type { Scenario } from "./scenario.ts";

export const purging: Scenario[] = [
  { name: "purge", run: purge },
  { name: "purge-filter", run: purgeByFilter },
];

async function purge(probe: Probe): Promise<void> {
  const [done, running, again] = [probe.id("-done"), probe.id("-running"), probe.id("-again")];
  const purgeById = (id: string) => probe.client("purgeInstanceHistory", id);
  await probe.start("seq", done, { n: 1 });
  await probe.start("eventCase", running);
  await probe.done(done);
  await probe.running(running);
  probe.record("done", await purgeById(done));
  probe.record("doneStatus", await probe.api("GET", `/instances/${done}`));
  probe.record("again", await purgeById(done));
  probe.record("againApi", await probe.api("DELETE", `/instances/${done}`));
  probe.record("running", await purgeById(running));
  probe.record("runningStatus", await probe.status(running));
  probe.record("raiseAfter", await probe.client("raiseEvent", running, "MixedCase", 1));
  await probe.sleep(1500);
  probe.record("runningEnd", await probe.status(running));
  await probe.start("seq", again, { n: 1 });
  await probe.done(again);
  probe.record("api", await probe.api("DELETE", `/instances/${again}`));
  probe.record("rpcUnknown", await probe.rpc("DELETE", `instances/${probe.id("-none")}`));
}

const soon = () => new Date(Date.now() + 1000).toISOString();

/** Purges by time concern every instance of the host: nothing else may run beside this. */
async function purgeByFilter(probe: Probe): Promise<void> {
  const [one, two, three] = [probe.id("-1"), probe.id("-2"), probe.id("-3")];
  await probe.sleep(3000);
  const createdTimeFrom = new Date(Date.now() - 1000).toISOString();
  const purgeBy = (filter: object) => probe.client("purgeInstanceHistoryBy", { $filter: filter });
  const statusOf = async (id: string) => (await probe.status(id)).runtimeStatus;
  const left = async () => ({ one: (await statusOf(one)) ?? "gone", three: (await statusOf(three)) ?? "gone" });
  await probe.start("seq", one, { n: 1 });
  await probe.start("throws", two, { mode: "error" });
  await probe.start("eventCase", three);
  await probe.done(one);
  await probe.done(two);
  await probe.running(three);
  await probe.sleep(500);
  const future = "createdTimeFrom=2099-01-01T00:00:00Z";
  probe.record("noFilterApi", await probe.api("DELETE", "/instances"));
  probe.record("onlyStatusApi", await probe.api("DELETE", `/instances?runtimeStatus=Failed&${future}`));
  probe.record("failed", await purgeBy({ createdTimeFrom, createdTimeTo: soon(), runtimeStatus: ["Failed"] }));
  probe.record("afterFailed", { one: await statusOf(one), two: await probe.status(two), three: await statusOf(three) });
  probe.record("nothing", await purgeBy({ createdTimeFrom: "2099-01-01T00:00:00Z" }));
  probe.record("terminatedOnly", await purgeBy({ createdTimeFrom, runtimeStatus: ["Terminated"] }));
  probe.record("afterTerminatedOnly", await left());
  probe.record("runningWithTo", await purgeBy({ createdTimeFrom, createdTimeTo: soon(), runtimeStatus: ["Running"] }));
  probe.record("afterRunningWithTo", await left());
  probe.record("running", await purgeBy({ createdTimeFrom, runtimeStatus: ["Running"] }));
  probe.record("afterRunning", await left());
  probe.record("all", await purgeBy({ createdTimeFrom }));
  probe.record("afterAll", await left());
}
