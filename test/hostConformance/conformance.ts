import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installClock } from "../../local/clock/installClock.ts";
import { skippingClock } from "../../local/clock/skippingClock.ts";
import { createHost, type Host } from "../../local/functionsHost/host.ts";
import { compare } from "./probe/compare.ts";
import { normaliser } from "./probe/normalise.ts";
import { Probe, type ProbedHost } from "./probe/probe.ts";
import type { Scenario } from "./scenarios/scenario.ts";

export const APP = join(import.meta.dirname, "app");
/** Part of every instance id; it must not occur anywhere else. */
const RUN = "rconformance";
const START = Date.parse("2030-01-01T00:00:00Z");
/** Every five seconds of a time that skips is always: only who looks at them wants them. */
const WITHOUT_TICKS = { "AzureWebJobs.tick.Disabled": "true", "AzureWebJobs.tickNoMonitor.Disabled": "true" };

/** What a scenario led to on the real host. */
export function recordingOf(name: string): unknown {
  const file = join(import.meta.dirname, "recordings", `${name}.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { results: unknown }).results;
}

/** Learns from the app where the Durable API is. */
export async function probedHost(host: Pick<Host, "url" | "masterKey">): Promise<ProbedHost> {
  const known = { url: host.url, masterKey: host.masterKey, query: "", payload: undefined, run: RUN };
  const payload = await new Probe("", known).json("GET", "/api/ctl/payload");
  const query = (payload as { requiredQueryStringParameters: string }).requiredQueryStringParameters;
  return { ...known, query, payload };
}

/** What a scenario leads to on a host, made comparable with its recording. */
export async function play({ name, run }: Scenario, host: ProbedHost): Promise<unknown> {
  const probe = new Probe(name, host);
  await run(probe);
  const code = new URLSearchParams(host.query).get("code") ?? "";
  const normalise = normaliser({ run: host.run, host: new URL(host.url).host, keys: [host.masterKey, code] });
  return normalise(JSON.parse(JSON.stringify(probe.recorded)));
}

/** A test a scenario, all on one host whose time skips, so that nothing depends on how fast the machine is. */
export function testScenarios(scenarios: Scenario[], { ticks = false } = {}): void {
  let host: ProbedHost;
  const undo: (() => unknown)[] = [];
  beforeAll(async () => {
    const clock = skippingClock(START);
    undo.push(() => clock.close(), installClock(clock));
    const started = await createHost({ clock, app: APP, requireKeys: true, env: ticks ? {} : WITHOUT_TICKS });
    undo.push(started.close);
    host = await probedHost(started);
  });
  afterAll(async () => {
    for (const step of undo.toReversed()) await step();
  });

  test.each(scenarios)("$name is as on the real host", async (scenario) => {
    expect(compare(scenario.name, recordingOf(scenario.name), await play(scenario, host))).toEqual([]);
  });
}
