import type { Recorded } from "../app/functions/recorder.ts";
import { describeEntity, describeInstance } from "./look.ts";
import { jsonOf, present, type Presented, type Received, request, type Sent } from "./request.ts";

/** What the driver looks at in an instance's status; a scenario may record all of it. */
export interface Status {
  runtimeStatus?: string;
  instanceId?: string;
  httpStatus?: number;
  output?: unknown;
  input?: unknown;
  [field: string]: unknown;
}

/** What the app's remote control answers. */
export interface Controlled {
  ok: boolean;
  result?: unknown;
}

export interface ProbedHost {
  url: string;
  masterKey: string;
  /** The query that opens the Durable HTTP API. */
  query: string;
  payload: unknown;
  /** Stands in every instance id. */
  run: string;
}

const DURABLE = "/runtime/webhooks/durabletask";
const FINAL = new Set(["Completed", "Failed", "Terminated"]);
const LONGEST_WAIT = 45_000;
const POLL = 200;

/** Drives one scenario by HTTP alone, and keeps what it sees. Times are the host's. */
export class Probe {
  readonly recorded: Record<string, unknown> = {};
  readonly host: ProbedHost;
  readonly #scenario: string;

  constructor(scenario: string, host: ProbedHost) {
    this.#scenario = scenario;
    this.host = host;
  }

  id(suffix = ""): string {
    return `${this.#scenario}-${this.host.run}${suffix}`;
  }

  record(label: string, value: unknown): void {
    this.recorded[label] = value;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => globalThis.setTimeout(resolve, milliseconds));
  }

  raw(method: string, path: string, sent?: Sent): Promise<Received> {
    return request(this.host.url, method, path, sent);
  }

  async http(method: string, path: string, sent?: Sent): Promise<Presented> {
    return present(await this.raw(method, path, sent));
  }

  /** The public Durable HTTP API. */
  api(method: string, path: string, { auth = true, ...sent }: Sent & { auth?: boolean } = {}): Promise<Presented> {
    const query = `${path.includes("?") ? "&" : "?"}${this.host.query}`;
    return this.http(method, `${DURABLE}${path}${auth ? query : ""}`, sent);
  }

  async json(method: string, path: string, body?: unknown): Promise<unknown> {
    const headers = { "content-type": "application/json" };
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers };
    const { status, bytes } = await this.raw(method, path, sent);
    try {
      return JSON.parse(bytes.toString()) as unknown;
    } catch {
      return { $notJson: bytes.toString().slice(0, 400), status };
    }
  }

  /** Calls a method of the library's client inside the app. */
  client(method: string, ...args: unknown[]): Promise<Controlled> {
    const sent = args.map((arg) => (arg === undefined ? { $undefined: true } : arg));
    return this.json("POST", `/api/ctl/client/${method}`, sent) as Promise<Controlled>;
  }

  /** A request to the endpoint that the library uses, sent from inside the app. */
  async rpc(method: string, path: string, body?: string, headers?: Record<string, string>): Promise<unknown> {
    const answer = (await this.json("POST", "/api/ctl/raw", { method, path, body, headers })) as {
      headers: Record<string, string>;
      body: string;
    };
    const { date: _, server: _server, connection: _connection, "keep-alive": _keepAlive, ...shown } = answer.headers;
    return { ...answer, headers: shown, body: jsonOrText(answer.body) };
  }

  start(orchestrator: string, instanceId: string, input?: unknown): Promise<Controlled> {
    return this.client("startNew", orchestrator, { instanceId, ...(input === undefined ? {} : { input }) });
  }

  async status(id: string, flags = ""): Promise<Status> {
    const answer = await this.api("GET", `/instances/${encodeURIComponent(id)}?${flags}`);
    return (jsonOf(answer) as Status | undefined) ?? { httpStatus: answer.status, body: answer.body };
  }

  /** The status as soon as it holds, or when the wait is over, marked as such. */
  async until(id: string, holds: (status: Status) => boolean, timeoutMs = LONGEST_WAIT): Promise<Status> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const status = await this.status(id);
      if (holds(status)) return status;
      if (Date.now() > end) return { ...status, $timedOut: true };
      await this.sleep(POLL);
    }
  }

  done(id: string, timeoutMs?: number): Promise<Status> {
    return this.until(id, ({ runtimeStatus = "" }) => FINAL.has(runtimeStatus), timeoutMs);
  }

  running(id: string): Promise<Status> {
    return this.until(id, ({ runtimeStatus }) => runtimeStatus === "Running");
  }

  records(id: string): Promise<Recorded[]> {
    return this.json("GET", `/api/ctl/records/${encodeURIComponent(id)}`) as Promise<Recorded[]>;
  }

  recordsOf(kind: string, name: string): Promise<Recorded[]> {
    return this.json("GET", `/api/ctl/recordsof/${kind}/${name}`) as Promise<Recorded[]>;
  }

  /** Records everything that can be seen of an instance. */
  async look(id: string, label = "instance", payloads: "all" | "last" = "last"): Promise<Record<string, unknown>> {
    const path = `/instances/${encodeURIComponent(id)}`;
    const status = await this.api("GET", `${path}?showHistory=true&showHistoryOutput=true&showInput=true`);
    const seen = {
      ...describeInstance(status, await this.records(id), payloads),
      ...(status.status >= 400 ? { statusWithoutHistory: await this.api("GET", path) } : {}),
    };
    this.record(label, seen);
    return seen;
  }

  async entity(name: string, key: string, label = "entity"): Promise<void> {
    const state = await this.api("GET", `/entities/${name}/${encodeURIComponent(key)}`);
    this.record(label, describeEntity(state, await this.records(`@${name}@${key}`)));
  }

  /** Starts an instance, waits for its end and records everything. */
  async whole(
    orchestrator: string,
    input: unknown,
    { label, timeoutMs, payloads }: { label?: string; timeoutMs?: number; payloads?: "all" } = {},
  ): Promise<void> {
    const id = this.id(label ? `-${label}` : "");
    const started = await this.start(orchestrator, id, input);
    if (!started.ok) return this.record(label ?? "instance", { started });
    const { $timedOut } = await this.done(id, timeoutMs);
    const seen = await this.look(id, label, payloads);
    if ($timedOut) seen["note"] = "not finished when the probe stopped waiting";
  }
}

function jsonOrText(text: string): unknown {
  try {
    return { $json: JSON.parse(text) as unknown };
  } catch {
    return text;
  }
}
