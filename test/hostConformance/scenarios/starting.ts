import type { Probe } from "../probe/probe.ts";
import { jsonOf } from "../probe/request.ts";
import { JSON_TYPE, type Scenario } from "./scenario.ts";

export const starting: Scenario[] = [
  { name: "client-payload", run: lookAtBinding },
  { name: "wait-for-completion", run: waitForCompletion },
  { name: "api-start", run: startByApi },
  { name: "restart-same-id", run: startSameId },
  { name: "restart-api", run: restart },
  { name: "instance-ids", run: tryIds },
];

async function lookAtBinding(probe: Probe): Promise<void> {
  const checkStatus = (headers: Record<string, string> = {}) =>
    probe.http("GET", `/api/ctl/checkstatus/${probe.id()}`, { headers });
  probe.record("binding", probe.host.payload);
  probe.record("management", await probe.json("GET", "/api/ctl/management/some%20id"));
  probe.record("checkStatusResponse", await checkStatus());
  const forwarded = { "x-forwarded-host": "public.example", "x-forwarded-proto": "https" };
  probe.record("checkStatusForwarded", await checkStatus(forwarded));
  probe.record("checkStatusHostHeader", await checkStatus({ host: "public.example" }));
}

async function waitForCompletion(probe: Probe): Promise<void> {
  const wait = (suffix: string, ms: number) => probe.http("GET", `/api/ctl/wait/${probe.id(suffix)}?t=${ms}`);
  await probe.start("seq", probe.id("-a"), { n: 1 });
  probe.record("finished", await wait("-a", 15_000));
  await probe.start("eventCase", probe.id("-b"));
  probe.record("running", await wait("-b", 1000));
  await probe.start("throws", probe.id("-c"), { mode: "error" });
  await probe.done(probe.id("-c"));
  probe.record("failed", await wait("-c", 5000));
  await probe.client("terminate", probe.id("-b"), "end");
  await probe.done(probe.id("-b"));
  probe.record("terminated", await wait("-b", 5000));
}

async function startByApi(probe: Probe): Promise<void> {
  const start = (path: string, body?: string, more: { headers?: Record<string, string>; auth?: boolean } = {}) =>
    probe.api("POST", `/orchestrators/${path}`, { body, headers: JSON_TYPE, ...more });
  probe.record("post", await start(`seq/${probe.id("-1")}`, '{"n":1}'));
  const unnamed = await start("seq", '{"n":1}');
  const { id = "", ...urls } = (jsonOf(unnamed) ?? {}) as { id?: string };
  probe.record("postNoId", { ...unnamed, body: { ...urls, id, idLength: id.length } });
  probe.record("noBody", await start(`asyncAwaitless/${probe.id("-2")}`, undefined, { headers: {} }));
  probe.record("badJson", await start(`asyncAwaitless/${probe.id("-3")}`, "{bad"));
  const text = { headers: { "content-type": "text/plain" } };
  probe.record("textBody", await start(`asyncAwaitless/${probe.id("-4")}`, "plain", text));
  probe.record("unknownFunction", await start(`noSuchOrchestrator/${probe.id("-5")}`, "1"));
  probe.record("unknownFunctionClient", await probe.client("startNew", "noSuchOrchestrator", {}));
  probe.record("nameCase", await start(`SEQ/${probe.id("-6")}`, '{"n":1}'));
  probe.record("activityAsOrchestrator", await probe.client("startNew", "echo", {}));
  probe.record("get", await probe.api("GET", "/orchestrators/seq"));
  probe.record("noKey", await start(`seq/${probe.id("-7")}`, "1", { auth: false }));
  probe.record("wrongKey", await start(`seq/${probe.id("-8")}?code=wrong`, "1", { auth: false }));
  probe.record("startAndWait", await start(`seq/${probe.id("-9")}?timeout=20&pollingInterval=1`, '{"n":1}'));
  await probe.done(probe.id("-6"), 8000);
  probe.record("nameCaseStatus", await probe.status(probe.id("-6")));
  probe.record("wrongPath", await probe.api("GET", "/nonsense"));
}

async function startSameId(probe: Probe): Promise<void> {
  const [done, run, failed] = [probe.id("-done"), probe.id("-run"), probe.id("-f")];
  await probe.start("seq", done, { n: 1 });
  await probe.done(done);
  probe.record("completedAgain", await probe.start("seq", done, { n: 2 }));
  await probe.sleep(500);
  await probe.done(done);
  probe.record("completedAgainEnd", await probe.status(done));
  await probe.start("eventCase", run);
  await probe.running(run);
  probe.record("running", await probe.start("eventCase", run));
  probe.record("runningApi", await probe.api("POST", `/orchestrators/eventCase/${run}`));
  probe.record("runningRpc", await probe.rpc("POST", `orchestrators/eventCase/${run}`));
  await probe.client("terminate", run, "end");
  await probe.done(run);
  probe.record("terminatedAgain", await probe.start("seq", run, { n: 1 }));
  probe.record("terminatedAgainEnd", await probe.done(run));
  await probe.start("throws", failed, { mode: "error" });
  await probe.done(failed);
  probe.record("failedAgain", await probe.start("seq", failed, { n: 1 }));
  probe.record("failedAgainEnd", await probe.done(failed));
  const race = await Promise.all([1, 2, 3].map(() => probe.start("eventCase", probe.id("-race"))));
  probe.record("raceStartsAccepted", race.filter(({ ok }) => ok).length);
}

async function restart(probe: Probe): Promise<void> {
  const restarted = (id: string, query = "") => probe.api("POST", `/instances/${id}/restart${query}`);
  await probe.start("seq", probe.id(), { n: 1 });
  await probe.done(probe.id());
  const anew = await restarted(probe.id());
  const urls = (jsonOf(anew) ?? {}) as { id?: string };
  probe.record("newId", { status: anew.status, sameId: urls.id === probe.id(), keys: Object.keys(urls) });
  probe.record("sameId", await restarted(probe.id(), "?restartWithNewInstanceId=false"));
  probe.record("unknown", await restarted(probe.id("-none")));
}

async function tryIds(probe: Probe): Promise<void> {
  const ids = {
    at: `@x@${probe.id()}`,
    slash: `a/${probe.id()}`,
    space: `a b ${probe.id()}`,
    hash: `a#${probe.id()}`,
    unicode: `ä-${probe.id()}`,
    long: "L".repeat(120) + probe.id(),
    tooLong: "L".repeat(2000) + probe.id(),
    upper: probe.id("-UPPER"),
  };
  for (const [label, id] of Object.entries(ids)) {
    const started = await probe.start("seq", id, { n: 1 });
    if (!started.ok) {
      probe.record(label, { started });
      continue;
    }
    const { runtimeStatus, instanceId, httpStatus } = await probe.done(String(started.result), 8000);
    probe.record(label, { started, end: { runtimeStatus, instanceId, httpStatus } });
  }
  const { result } = await probe.client("startNew", "seq", { input: { n: 1 } });
  const id = String(result);
  probe.record("generated", { length: id.length, hex: /^[0-9a-f]{32}$/.test(id) });
}
