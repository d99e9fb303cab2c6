import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openSimulation, type Simulation, startBuild, warmUp } from "../support/simulation/simulation.ts";

let simulation: Simulation;
let path: string;
beforeAll(warmUp, 120_000);
beforeEach(async () => {
  // One in which each phase of the run is seen: it is looked at seldom.
  simulation = await openSimulation(5);
  path = `/api/builds/${await startBuild(simulation.host, 1)}`;
});
afterEach(() => simulation.close());

async function ask(query: string, etag?: string) {
  const { host } = simulation;
  const before = host.clock.now();
  const answer = await host.send({ method: "GET", path: path + query, headers: etag ? { "if-none-match": etag } : {} });
  const text = answer.body.toString();
  return {
    status: answer.status,
    etag: answer.headers.get("etag") ?? "",
    phase: (text ? (JSON.parse(text) as { phase?: string; state: string }) : undefined)?.phase,
    seconds: (host.clock.now() - before) / 1000,
  };
}

/** Waits until the build is in that phase, by long polls alone. @returns the last answer. */
async function until(phase: string) {
  let seen = await ask("");
  while (seen.phase !== phase) {
    if (seen.status === 200 && seen.phase === undefined) throw new Error(`The build has ended without ${phase}.`);
    seen = await ask("?wait=30", seen.etag);
  }
  return seen;
}

describe("asking how a build is doing", () => {
  it("is answered within a second of the next phase where it waits for it", async () => {
    const { etag } = await until("running");
    const next = await until("running: building");
    expect(next.seconds).toBeLessThanOrEqual(31);
    const quiet = await ask("?wait=5", next.etag);
    expect(quiet).toMatchObject({ status: 304, etag: next.etag, seconds: expect.closeTo(5, 0) });
    // What has changed since is told at once.
    expect(await ask("?wait=30", etag)).toMatchObject({ status: 200, seconds: expect.closeTo(0, 0) });
  });

  it("costs nothing where nothing is new, and the time that goes by is nothing new", async () => {
    const { etag } = await until("running: building");
    await simulation.host.clock.sleep(20_000);
    expect(await ask("", etag)).toMatchObject({ status: 304, etag });
    expect(await ask("", `"other", ${etag}`)).toMatchObject({ status: 304 });
    expect(await ask("")).toMatchObject({ status: 200, phase: "running: building" });
  });

  it("is answered at once, however long it would wait, where the build has ended", async () => {
    const { host } = simulation;
    await host.instance(path.split("/").at(-1) ?? "");
    expect(await ask("?wait=30")).toMatchObject({ status: 200, seconds: expect.closeTo(0, 0) });
  });
});
