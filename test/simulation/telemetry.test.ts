import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Worker } from "../../local/functionsHost/worker/worker.ts";
import { HOUR, MINUTE, onStage } from "../support/faults/stage.ts";
import { withoutArchive } from "../support/faults/sweeping.ts";
import { brokenTraces, millisecondsOf, spansOf, strayGrantCalls } from "../support/simulation/brokenTraces.ts";
import { insist, simulateFleet } from "../support/simulation/fleet.ts";
import { following, onBase, openFollowing } from "../support/simulation/following.ts";
import { scheduled } from "../support/simulation/scheduled.ts";
import {
  openSimulation,
  receiptOf,
  simulate,
  type Simulation,
  sweepsOf,
  warmUp,
} from "../support/simulation/simulation.ts";
import { setWorld } from "../support/simulation/world.ts";

beforeAll(warmUp, 60_000);

/** What the app has had logged in a test, by the triggers of its functions; all else in a host's log is the host's own. */
let said: { trigger: string; line: string }[];
const { logInvocation } = Worker.prototype;
beforeEach(() => {
  said = [];
  vi.spyOn(Worker.prototype, "logInvocation").mockImplementation(function (this: Worker, name, level, category, line) {
    const types = Object.values(this.functions.get(name)?.metadata.bindings ?? {}).map(({ type }) => type);
    const trigger = types.find((type) => type.endsWith("Trigger")) ?? "none";
    if (category === "user") said.push({ trigger, line });
    logInvocation.call(this, name, level, category, line);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  expect(said.length).toBeGreaterThan(0);
  expect(said.filter(({ line }) => !isLogLine(line))).toEqual([]);
  // They would say it again at each replay.
  expect(said.filter(({ trigger }) => trigger === "orchestrationTrigger")).toEqual([]);
});

/** Whether it is an event as `logLine` writes it, or one of the audit. */
function isLogLine(line: string): boolean {
  try {
    const members = JSON.parse(line.replace(/^audit /, "")) as Record<string, unknown>;
    if (line.startsWith("audit ")) return true;
    const isPlain = Object.values(members).every((fact) => ["string", "number", "boolean"].includes(typeof fact));
    return isPlain && typeof members["event"] === "string" && typeof members["message"] === "string";
  } catch {
    return false;
  }
}

/** Some of the thirty, but with `FAULTS=all`. */
const SEEDS = Array.from({ length: process.env.FAULTS === "all" ? 30 : 10 }, (_, index) => index + 1);
const WORDS = "words of Azure's";
/** Of storage, in its own form. */
const REFUSAL = {
  status: 400,
  headers: { "x-ms-error-code": "InvalidInput", "content-type": "application/xml" },
  body: Buffer.from(`<Error><Code>InvalidInput</Code><Message>${WORDS}</Message></Error>`),
};
const CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/** One build in a world in which nothing goes wrong, and what was told of it. */
async function undisturbed(
  headers: Record<string, string> = {},
  troubled: (simulation: Simulation) => void = () => {},
) {
  const simulation = await openSimulation(1);
  const { world, host, close } = simulation;
  troubled(simulation);
  const answer = await host.send({
    method: "POST",
    path: "/api/images/aks-jumpbox/builds",
    headers: { "content-type": "application/json", ...headers },
    body: "{}",
  });
  const { id } = JSON.parse(answer.body.toString()) as { id: string };
  await host.instance(id);
  await close();
  const lines = host.logs.flatMap((line) => jsonIn(line));
  return {
    id,
    spans: spansOf(world.told.spans(), id),
    receipt: receiptOf(world, "aks-jumpbox", id),
    world,
    lines,
    host,
  };
}

/** Of a line of the host's log, what the service said. */
function jsonIn(line: string): Record<string, unknown>[] {
  const [text] = /\{"event":.*\}/.exec(line) ?? [];
  return text === undefined ? [] : [JSON.parse(text) as Record<string, unknown>];
}

const childrenOf = (spans: ReadableSpan[], parent: ReadableSpan | undefined) =>
  spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent?.spanContext().spanId);
const named = (spans: ReadableSpan[], name: string) => spans.filter((span) => span.name === name);

describe("the trace of a build", () => {
  it("is one, with one root and all else under it, in worlds with kills, repetitions and faults", async () => {
    for (const seed of SEEDS) {
      const { buildId, receipt, sweeps, world, troubles } = await simulate(seed);
      const spans = world.told.spans();
      expect(
        receipt && [
          ...brokenTraces(spans, receipt),
          ...strayGrantCalls(spans, [buildId, ...sweeps], world.cloud.requests().requests),
        ],
        `seed ${seed}: ${troubles.told.join("; ")}`,
      ).toEqual([]);
    }
  });

  it("is one of each build of a fleet, also of those that are terminated and closed by the sweeper", async () => {
    for (const seed of [1, 2]) {
      const { builds, sweeps = [], world } = await simulateFleet(seed);
      expect(builds.some(({ ended }) => ended?.how === "terminated")).toBe(true);
      for (const { id, receipt, ended } of builds) {
        expect(
          receipt && brokenTraces(world.told?.spans() ?? [], receipt),
          `seed ${seed}: ${id} ${ended?.how}`,
        ).toEqual([]);
      }
      const names = [...builds.map(({ id }) => id), ...sweeps];
      expect(strayGrantCalls(world.told?.spans() ?? [], names, world.cloud.requests().requests)).toEqual([]);
    }
  });

  it.each<[string, boolean]>([
    ["for want of the archive", true],
    ["of several dead builds", false],
  ])("is the sweep's of grants that it ends %s", async (_, losesArchive) => {
    let isOut = false;
    await onStage({ wrapWorld: withoutArchive(() => isOut) }, async ({ ask, host, sleep, world }) => {
      const ids = [await ask("aks-jumpbox"), await ask("night-one")];
      await sleep(20 * MINUTE);
      for (const id of ids) await insist(host, `/runtime/webhooks/durabletask/instances/${id}/terminate`, 202);
      isOut = losesArchive;
      await sleep(10 * HOUR);
      isOut = false;
      const sweeps = sweepsOf(host);
      const spans = world.told.spans();
      const ended = sweeps.flatMap((id) => named(spansOf(spans, id), "lease.sweep"));
      expect(ended.flatMap((span) => childrenOf(spans, span)).map(({ name }) => name.split(" ")[0])).toContain(
        "DELETE",
      );
      expect(strayGrantCalls(spans, [...ids, ...sweeps], world.cloud.requests().requests)).toEqual([]);
    });
  });
});

describe("what is told of a build in which nothing goes wrong", () => {
  it("are its phases, under them the steps, under those the requests to Azure", async () => {
    const { spans } = await undisturbed();
    const [root] = named(spans, "build");
    expect(root?.kind).toBe(SpanKind.SERVER);
    const phases = childrenOf(spans, root)
      .filter(({ attributes }) => attributes["goldsmith.step"] === undefined)
      .map(({ name }) => name);
    expect(phases).toEqual([
      "accepted",
      "planning",
      "checking the ground",
      "waiting for its turn",
      "granting",
      "creating the template",
      "running",
      "cleaning up",
      "grant image creation",
      "grant network join",
    ]);
    const stepsOf = (phase: string) => new Set(childrenOf(spans, named(spans, phase)[0]).map(({ name }) => name));
    expect(stepsOf("granting")).toEqual(new Set(["lease.join"]));
    expect(stepsOf("creating the template")).toEqual(new Set(["createTemplate", "readTemplate"]));
    expect(stepsOf("running")).toContain("startRun");
    expect(stepsOf("running")).toContain("running: building");
    expect(stepsOf("cleaning up")).toContain("lease.leave");
    const [join] = named(spans, "lease.join");
    const calls = childrenOf(spans, join);
    expect(calls.map(({ name }) => name)).toContainEqual(
      expect.stringMatching(
        /^PUT \/subscriptions\/\{name\}\/.*\/providers\/Microsoft\.Authorization\/roleAssignments\/\{name\}$/,
      ),
    );
  });

  it("names each request by method, template and answer, with the ids that Azure knows it by and without its query", async () => {
    const { spans } = await undisturbed();
    const calls = spans.filter(({ kind }) => kind === SpanKind.CLIENT);
    expect(calls.length).toBeGreaterThan(20);
    for (const { attributes, parentSpanContext } of calls) {
      expect(parentSpanContext).toBeDefined();
      expect(attributes["http.request.method"]).toMatch(/^(GET|PUT|POST|DELETE|HEAD)$/);
      expect(attributes["http.response.status_code"]).toBeGreaterThanOrEqual(200);
      expect(attributes["azure.client.request.id"]).toMatch(/^[0-9a-f-]{36}$/);
      expect(attributes["azure.service.request.id"]).toMatch(/^[0-9a-f-]{36}$/);
      expect(attributes["azure.correlation.request.id"]).toMatch(/^[0-9a-f-]{36}$/);
      expect(JSON.stringify(attributes)).not.toContain("api-version");
    }
  });

  it("links to where the request stood in its caller's trace, which the receipt keeps, and to nothing that is none", async () => {
    const { spans, receipt } = await undisturbed({ traceparent: CALLER });
    const [, traceId, spanId] = CALLER.split("-");
    expect(named(spans, "build")[0]?.links.map(({ context }) => context)).toMatchObject([{ traceId, spanId }]);
    expect(receipt?.requested.traceparent).toBe(CALLER);
    for (const traceparent of [
      "",
      "00-0-0-00",
      `${CALLER}; secret`,
      CALLER.replace("4bf92f", "000000").replace(/[1-9a-f]/g, "0"),
    ]) {
      const other = await undisturbed({ traceparent });
      expect(named(other.spans, "build")[0]?.links).toEqual([]);
      expect(other.receipt?.requested).not.toHaveProperty("traceparent");
    }
  });

  it("are grants from when they were asked for until they were read back as gone", async () => {
    const { spans, receipt } = await undisturbed();
    for (const { role, askedAt, removedAt } of receipt?.grants ?? []) {
      const [span] = named(spans, `grant ${role}`);
      expect(millisecondsOf(span?.startTime ?? [0, 0])).toBe(Date.parse(askedAt));
      expect(millisecondsOf(span?.endTime ?? [0, 0])).toBe(Date.parse(removedAt ?? ""));
      expect(span?.attributes["goldsmith.grant.end"]).toBe("removed");
    }
  });

  it("are codes of what failed, and not what Azure said of it", async () => {
    const { spans, lines } = await undisturbed({}, ({ world }) =>
      world.cloud.addFault({
        method: "PUT",
        path: "roleAssignments",
        kind: "respond",
        status: 503,
        code: "ServiceUnavailable",
        message: WORDS,
        count: 1,
      }),
    );
    const failed = spans.filter(({ status }) => status.code === SpanStatusCode.ERROR);
    expect(failed.map(({ name, status }) => `${name.split(" ")[0]} ${status.message}`).toSorted()).toEqual([
      "PUT 503",
      "lease.join ServiceUnavailable",
    ]);
    expect(lines.filter(({ event }) => event === "step passing")).toMatchObject([
      { step: "lease.join", code: "ServiceUnavailable", phase: "granting" },
    ]);
    expect(
      JSON.stringify([spans.map(({ attributes, events, status }) => [attributes, events, status]), lines]),
    ).not.toContain(WORDS);
  });

  it("are codes of what failed also where a request or a timer meets it", async () => {
    const { world, host, close } = await openSimulation(1, { nightly: true });
    const get = (path: string) => host.send({ method: "GET", path, headers: {}, body: "" });
    try {
      // That its settings are right is known from here on.
      await get("/api/health");
      // What Azure has where is remembered for minutes.
      await host.clock.sleep(6 * 60_000);
      const busy = { kind: "respond", status: 503, code: "ServiceUnavailable", message: WORDS } as const;
      world.cloud.addFault({ ...busy, method: "GET" });
      expect((await get("/api/images/aks-jumpbox/plan")).status).toBe(503);
      setWorld({ ...world, archive: { ...world.archive, answer: () => REFUSAL } });
      expect((await get("/api/builds")).status).toBe(500);
      await host.clock.sleep(25 * 3_600_000);
    } finally {
      await close();
    }
    expect(host.logs.flatMap((line) => jsonIn(line))).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event: "request put off", code: "ServiceUnavailable" }),
        expect.objectContaining({ event: "request failed", code: "InvalidInput" }),
        expect.objectContaining({ event: "schedule failed", code: "InvalidInput" }),
        expect.objectContaining({ event: "tick failed", code: "InvalidInput" }),
      ]),
    );
    expect(host.logs.join("\n")).toMatch(/GOLDSMITH ALARM sweep failed: sweep-[^:]+: InvalidInput"/);
    expect(host.logs.filter((line) => line.includes(WORDS))).toEqual([]);
  });

  it("are codes of what failed also where a schedule or a watch has to look at Azure, which does not answer", async () => {
    const changed = scheduled("night-one", { cron: "0 2 * * *", condition: "when-changed", coolDown: "2d" });
    const recipes = [changed, following("night-two", onBase, { coolDown: "2h" })];
    const { host, world, publishBase, until, close } = await openFollowing(recipes, {
      env: { "AzureWebJobs.nightlyBuilds.Disabled": "false" },
    });
    try {
      await world.cloud.subscribeToEvents({ endpoint: "http://localhost/api/events" });
      await publishBase("1.0.0");
      await until("2030-01-01T01:45:00Z");
      world.cloud.addFault({ kind: "respond", status: 503, code: "ServiceUnavailable", message: WORDS });
      await until("2030-01-01T05:00:00Z");
    } finally {
      await close();
    }
    const failed = [...host.hub.instances.values()].filter(({ runtimeStatus }) => runtimeStatus === "Failed");
    expect(new Set(failed.map(({ output }) => output))).toEqual(
      new Set([
        `"Orchestrator function 'runOccurrence' failed: step-failed: decideOccurrence: ServiceUnavailable"`,
        `"Orchestrator function 'followVersion' failed: step-failed: startFollowers: ServiceUnavailable"`,
      ]),
    );
    expect(host.logs.filter((line) => line.includes(WORDS))).toEqual([]);
  });
});

describe("what is told", () => {
  it("is the same twice from the same seed, down to ids and times", async () => {
    for (const seed of [3, 7]) {
      const told = async () =>
        (await simulate(seed)).world.told
          .spans()
          .map((span) => [
            span.name,
            span.spanContext(),
            span.parentSpanContext,
            span.startTime,
            span.endTime,
            span.attributes,
          ]);
      expect(await told()).toEqual(await told());
    }
  });

  it("is in the log one line an event, with build, trace and step, and none twice however often orchestrators replay", async () => {
    const { id, lines, spans } = await undisturbed();
    const traceId = spans[0]?.spanContext().traceId;
    expect(lines.filter(({ buildId }) => buildId === id)).toMatchObject([
      { event: "build asked for", traceId },
      { event: "build ended", outcome: "built", cleanup: "clean", step: "writeReceipt", traceId },
    ]);
    expect(new Set(said.map(({ line }) => line)).size).toBe(said.length);
  });
});
