import type { Recorded } from "../app/functions/recorder.ts";
import type { Probe } from "../probe/probe.ts";
import { jsonOf } from "../probe/request.ts";
import { JSON_TYPE, type Scenario } from "./scenario.ts";

export const administration: Scenario[] = [
  { name: "timer-trigger", run: watchTimers },
  { name: "admin", run: administrate },
];

const brief = ({ triggerMetadata, input, returned }: Recorded) => ({ triggerMetadata, input, returned });

async function watchTimers(probe: Probe): Promise<void> {
  const first = async (name: string) => (await probe.recordsOf("timer", name)).slice(0, 1).map(brief);
  await probe.sleep(130_000);
  probe.record("everyFiveSeconds", await first("tick"));
  probe.record("noMonitor", await first("tickNoMonitor"));
  probe.record("startup", await first("tickStartup"));
  probe.record("everyMinuteFirstTwo", (await probe.recordsOf("timer", "tickMinute")).slice(0, 2).map(brief));
  probe.record("timeSpanSchedule", await first("tickSpan"));
}

async function administrate(probe: Probe): Promise<void> {
  const key = { "x-functions-key": probe.host.masterKey };
  const get = (path: string, headers: Record<string, string> = key) => probe.http("GET", path, { headers });
  const run = (name: string, body: string, headers: Record<string, string> = { ...key, ...JSON_TYPE }) =>
    probe.http("POST", `/admin/functions/${name}`, { headers, body });

  const { status, headers, ...rest } = await get("/admin/host/status");
  const hostStatus = (jsonOf({ status, headers, ...rest }) ?? {}) as { state?: string };
  probe.record("hostStatus", { status, headers, keys: Object.keys(hostStatus), state: hostStatus.state });
  probe.record("hostStatusNoKey", await get("/admin/host/status", {}));
  probe.record("ping", await get("/admin/host/ping", {}));
  probe.record("pingPost", await probe.http("POST", "/admin/host/ping", { body: "" }));
  await listFunctions(probe);
  probe.record("functionsNoKey", await get("/admin/functions", {}));
  probe.record("function", await get("/admin/functions/hParams"));
  probe.record("functionUnknown", await get("/admin/functions/nope"));
  probe.record("functionStatus", await get("/admin/functions/hParams/status"));
  probe.record("runTimer", await run("tickThrows", '{"input":""}'));
  await probe.sleep(800);
  const runs = await probe.recordsOf("timer", "tickThrows");
  probe.record(
    "runTimerPayload",
    runs.map(({ input, triggerMetadata, threw }) => ({ input, triggerMetadata, threw })),
  );
  probe.record("runTimerEmptyObject", await run("tickStartup", "{}"));
  probe.record("runTimerNoBody", await run("tickStartup", ""));
  probe.record("runTimerNoContentType", await run("tickStartup", "{}", key));
  probe.record("runNoKey", await run("tickStartup", "{}", JSON_TYPE));
  probe.record("runUnknown", await run("nope", "{}"));
  probe.record("runHttp", await run("hAnon", '{"input":"x"}'));
  probe.record("runOrchestrator", await run("seq", '{"input":"{}"}'));
  probe.record("runActivity", await run("echo", '{"input":"x"}'));
  probe.record("extensionsApi", (await get("/admin/nonsense")).status);
  const root = await probe.http("GET", "/");
  probe.record("root", { status: root.status, headers: root.headers });
}

async function listFunctions(probe: Probe): Promise<void> {
  const headers = { "x-functions-key": probe.host.masterKey };
  const list = await probe.http("GET", "/admin/functions", { headers });
  const items = (jsonOf(list) ?? []) as { name: string }[];
  const find = (name: string) => items.find((item) => item.name === name);
  probe.record("functions", {
    status: list.status,
    names: items.map(({ name }) => name).sort(),
    oneHttp: find("hParams"),
    oneTimer: find("tick"),
    oneOrchestrator: find("seq"),
    oneActivity: find("echo"),
    oneEntity: find("counter"),
  });
}
