import type { Recorded } from "../app/functions/recorder.ts";
import { batchesOf } from "../probe/look.ts";
import type { Probe } from "../probe/probe.ts";

/** Ids are made by the scenario that starts the instances; the one after the kill must find them again. */
const idsOf = (probe: Probe) => ({
  timer: probe.id("-timer"),
  event: probe.id("-event"),
  activity: probe.id("-activity"),
  retry: probe.id("-retry"),
  loop: probe.id("-loop"),
});

const counterOf = (probe: Probe) => ({ $entity: ["counter", probe.id("-e")] });

/** Sets things going of every kind; the host is to be killed right afterwards. */
export async function beforeKill(probe: Probe): Promise<void> {
  const ids = idsOf(probe);
  await probe.start("timer", ids.timer, { ms: 12_000 });
  await probe.start("eventOrTimeout", ids.event, { ms: 120_000 });
  await probe.start("retry", ids.retry, { first: 8000, max: 5, failTimes: 2 });
  await probe.start("parentWaiting", ids.loop);
  await probe.running(ids.event);
  await probe.client("signalEntity", counterOf(probe), "add", 5);
  await probe.sleep(2500);
  await probe.start("fanout", ids.activity, { items: [{ ms: 6000, value: "restarted" }] });
  await probe.running(ids.activity);
  await probe.sleep(1500);
}

/** What a host on the same state makes of it. */
export async function afterKill(probe: Probe): Promise<void> {
  const ids = idsOf(probe);
  probe.record("entity", await probe.client("readEntityState", counterOf(probe)));
  probe.record("eventStatus", await probe.status(ids.event));
  probe.record("raise", await probe.client("raiseEvent", ids.event, "Approval", "after restart"));
  probe.record("raiseChild", await probe.client("raiseEvent", `${ids.loop}-c`, "MixedCase", "after restart"));
  for (const [label, id] of Object.entries(ids)) {
    probe.record(label, await probe.done(id, 330_000));
    probe.record(`${label}Invocations`, (await probe.records(id)).map(invocationText));
  }
}

const invocationText = (record: Recorded): string =>
  record.kind === "orchestration" ? `orchestration ${batchesOf(record)}` : `${record.kind} ${record.name}`;
