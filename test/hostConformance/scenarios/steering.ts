import type { Probe, Status } from "../probe/probe.ts";
import type { Scenario } from "./scenario.ts";

export const steering: Scenario[] = [
  { name: "terminate", run: terminate },
  { name: "terminate-with-child", run: terminateParent },
  { name: "terminate-during-activity", run: terminateDuringActivity },
  { name: "suspend-resume", run: suspendAndResume },
  { name: "rewind", run: rewind },
];

const isSuspended = ({ runtimeStatus }: Status) => runtimeStatus === "Suspended";
const isCompleted = ({ runtimeStatus }: Status) => runtimeStatus === "Completed";

const post = (probe: Probe, path: string) => probe.api("POST", `/instances/${path}`);

async function terminate(probe: Probe): Promise<void> {
  const [id, second, none] = [probe.id(), probe.id("-2"), probe.id("-none")];
  await probe.start("eventCase", id);
  await probe.running(id);
  probe.record("client", await probe.client("terminate", id, "because I say"));
  await probe.done(id);
  await probe.look(id);
  probe.record("again", await probe.client("terminate", id, "again"));
  probe.record("againApi", await post(probe, `${id}/terminate?reason=again`));
  probe.record("unknown", await probe.client("terminate", none, "x"));
  probe.record("unknownApi", await post(probe, `${none}/terminate?reason=x`));
  await probe.start("eventCase", second);
  await probe.running(second);
  probe.record("api", await post(probe, `${second}/terminate`));
  await probe.done(second);
  probe.record("noReason", await probe.status(second));
}

async function terminateParent(probe: Probe): Promise<void> {
  const [id, child] = [probe.id(), probe.id("-c")];
  await probe.start("parentWaiting", id);
  await probe.running(child);
  probe.record("terminate", await probe.client("terminate", id, "parent gone"));
  await probe.done(id);
  await probe.sleep(2500);
  probe.record("parent", await probe.status(id));
  probe.record("child", await probe.status(child));
  probe.record("raiseToChild", await probe.client("raiseEvent", child, "MixedCase", "late"));
  probe.record("childEnd", await probe.done(child, 8000));
  await probe.sleep(1000);
  probe.record("parentEnd", await probe.status(id));
}

async function terminateDuringActivity(probe: Probe): Promise<void> {
  const id = probe.id();
  await probe.start("fanout", id, { items: [{ ms: 4000, value: "late" }] });
  await probe.running(id);
  await probe.sleep(800);
  await probe.client("terminate", id, "mid activity");
  await probe.done(id);
  await probe.sleep(4500);
  await probe.look(id);
}

async function suspendAndResume(probe: Probe): Promise<void> {
  const id = probe.id();
  await probe.start("eventOrTimeout", id, { ms: 90_000, thenActivity: true });
  await probe.running(id);
  await probe.sleep(1000);
  probe.record("suspend", await probe.client("suspend", id, "hold on"));
  probe.record("suspended", await probe.until(id, isSuspended, 10_000));
  probe.record("suspendAgain", await probe.client("suspend", id, "twice"));
  probe.record("raiseWhileSuspended", await probe.client("raiseEvent", id, "Approval", "kept"));
  await probe.sleep(2500);
  probe.record("stillSuspended", await probe.status(id));
  probe.record("apiStatusCode", (await probe.api("GET", `/instances/${id}`)).status);
  probe.record("resume", await probe.client("resume", id, "go on"));
  await probe.done(id);
  await probe.look(id);
  probe.record("suspendFinished", await probe.client("suspend", id, "x"));
  probe.record("suspendFinishedApi", await post(probe, `${id}/suspend?reason=x`));
  probe.record("resumeFinishedApi", await post(probe, `${id}/resume?reason=x`));
  probe.record("suspendUnknownApi", await post(probe, `${probe.id("-none")}/suspend?reason=x`));
  const second = probe.id("-2");
  await probe.start("eventCase", second);
  await probe.running(second);
  probe.record("resumeRunningApi", await post(probe, `${second}/resume?reason=x`));
  await probe.sleep(1500);
  probe.record("resumedRunning", await probe.status(second));
  await probe.client("suspend", second, "then end");
  await probe.until(second, isSuspended, 10_000);
  probe.record("terminateSuspended", await probe.client("terminate", second, "ended while suspended"));
  probe.record("terminatedSuspended", await probe.done(second, 10_000));
}

async function rewind(probe: Probe): Promise<void> {
  const [id, second] = [probe.id(), probe.id("-2")];
  await probe.start("failsUntilFixed", id);
  probe.record("failed", await probe.done(id));
  probe.record("rewind", await probe.client("rewind", id, "fixed now"));
  probe.record("afterRewind", await probe.until(id, isCompleted, 15_000));
  await probe.look(id);
  probe.record("rewindCompleted", await probe.client("rewind", id, "x"));
  probe.record("rewindCompletedApi", await post(probe, `${id}/rewind?reason=x`));
  probe.record("rewindUnknown", await probe.client("rewind", probe.id("-none"), "x"));
  await probe.start("eventCase", second);
  await probe.running(second);
  probe.record("rewindRunningApi", await post(probe, `${second}/rewind?reason=x`));
}
