import type { Probe, Status } from "../probe/probe.ts";
import { jsonOf, type Presented } from "../probe/request.ts";
import { JSON_TYPE, type Scenario } from "./scenario.ts";

export const asking: Scenario[] = [
  { name: "api-status", run: askStatus },
  { name: "api-list", run: list },
  { name: "rpc-endpoint", run: useRpcEndpoint },
];

async function askStatus(probe: Probe): Promise<void> {
  const [id, none, failed] = [probe.id(), probe.id("-none"), probe.id("-f")];
  const ask = (path: string) => probe.api("GET", `/instances/${path}`);
  await probe.start("eventOrTimeout", id, { ms: 60_000 });
  await probe.running(id);
  await probe.sleep(1000);
  probe.record("running", await ask(id));
  probe.record("runningHistory", await ask(`${id}?showHistory=true`));
  probe.record("rpcRunning", await probe.rpc("GET", `instances/${id}`));
  await probe.client("raiseEvent", id, "Approval", { secret: 1 });
  await probe.done(id);
  probe.record("completed", await ask(id));
  probe.record("history", await ask(`${id}?showHistory=true`));
  probe.record("historyOutput", await ask(`${id}?showHistory=true&showHistoryOutput=true`));
  probe.record("noInput", await ask(`${id}?showInput=false`));
  probe.record("unknown", await ask(none));
  probe.record("rpcUnknown", await probe.rpc("GET", `instances/${none}`));
  probe.record("clientUnknown", await probe.client("getStatus", none));
  probe.record("noKey", await probe.api("GET", `/instances/${id}`, { auth: false }));
  await probe.start("throws", failed, { mode: "error" });
  await probe.done(failed);
  probe.record("failed", await ask(failed));
  probe.record("failed500", await ask(`${failed}?returnInternalServerErrorOnFailure=true`));
  const everything = { showHistory: true, showHistoryOutput: true, showInput: true };
  probe.record("clientStatus", await probe.client("getStatus", id, everything));
  probe.record("idCase", await ask(id.toUpperCase()));
}

function listed(answer: Presented): unknown {
  const items = jsonOf(answer) as Status[];
  const brief = items
    .map((item) => ({
      keys: Object.keys(item),
      instanceId: item.instanceId ?? "",
      runtimeStatus: item.runtimeStatus,
      input: item.input,
    }))
    .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  return { status: answer.status, headers: Object.keys(answer.headers), items: brief };
}

async function list(probe: Probe): Promise<void> {
  const ids = [1, 2, 3].map((k) => probe.id(`-${k}`));
  for (const id of ids) await probe.start("seq", id, { n: 1 });
  for (const id of ids) await probe.done(id);
  const prefix = `instanceIdPrefix=${encodeURIComponent(probe.id())}`;
  const ask = (query: string, slash = "") => probe.api("GET", `/instances${slash}?${prefix}${query}`);
  probe.record("prefix", listed(await ask("")));
  probe.record("slash", listed(await ask("", "/")));
  const page = await ask("&top=2");
  const hasToken = "x-ms-continuation-token" in page.headers;
  probe.record("top2Count", { n: (jsonOf(page) as unknown[]).length, hasToken });
  probe.record("noInput", listed(await ask("&showInput=false")));
  probe.record("status", listed(await ask("&runtimeStatus=Running")));
  probe.record("statusTwo", listed(await ask("&runtimeStatus=Running,Completed")));
  probe.record("statusBad", listed(await ask("&runtimeStatus=Nonsense")));
  probe.record("future", listed(await ask("&createdTimeFrom=2099-01-01T00:00:00Z")));
  const filter = { createdTimeFrom: "2020-01-01T00:00:00Z", runtimeStatus: ["Completed"] };
  const { ok, result } = await probe.client("getStatusBy", { $filter: filter });
  const statuses = result as Status[];
  probe.record("clientBy", {
    ok,
    hasOurs: statuses.some(({ instanceId }) => instanceId?.startsWith(probe.id())),
    keys: Object.keys(statuses[0] ?? {}),
    onlyCompleted: statuses.every(({ runtimeStatus }) => runtimeStatus === "Completed"),
  });
}

async function useRpcEndpoint(probe: Probe): Promise<void> {
  const id = probe.id();
  const post = (path: string, body?: string) => probe.rpc("POST", path, body, body === undefined ? {} : JSON_TYPE);
  probe.record("start", await post(`orchestrators/seq/${id}`, '{"n":1}'));
  await probe.done(id);
  probe.record("get", await probe.rpc("GET", `instances/${id}`));
  probe.record("raiseFinished", await post(`instances/${id}/raiseEvent/E`, "1"));
  probe.record("raiseUnknown", await post(`instances/${probe.id("-none")}/raiseEvent/E`, "1"));
  probe.record("raiseBadJson", await post(`instances/${id}/raiseEvent/E`, "{bad"));
  probe.record("raiseNoBody", await post(`instances/${id}/raiseEvent/E`));
  probe.record("terminateFinished", await post(`instances/${id}/terminate?reason=x`));
  probe.record("unknownFunction", await post("orchestrators/noSuchOrchestrator", "1"));
  probe.record("purge", await probe.rpc("DELETE", `instances/${id}`));
  probe.record("entityMissing", await probe.rpc("GET", `entities/counter/${probe.id("-e")}`));
  probe.record("entitySignal", await post(`entities/counter/${probe.id("-e")}?op=add`, "2"));
  probe.record("wrongPath", await probe.rpc("GET", "nonsense"));
  probe.record("wrongMethod", await probe.rpc("PUT", `instances/${id}`));
}
