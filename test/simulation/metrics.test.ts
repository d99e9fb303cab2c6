import { beforeAll, describe, expect, it } from "vitest";
import { watchedBuild } from "../../bench/watchedBuild.ts";
import type { LoggedRequest } from "../../local/azure/control/requestLog.ts";
import { serviceIdentity } from "../../local/landscape.ts";
import { ALL, TURNS } from "../../src/entities/turns.ts";
import { GAUGES, METRICS } from "../../src/telemetry/metrics.ts";
import { MINUTE, onStage } from "../support/faults/stage.ts";
import { millisecondsOf, spansOf } from "../support/simulation/brokenTraces.ts";
import { ticketSystem } from "../support/simulation/receiver.ts";
import {
  openSimulation,
  receiptOf,
  simulate,
  type Simulation,
  startBuild,
  UNSWEPT,
  warmUp,
} from "../support/simulation/simulation.ts";
import type { Figure } from "../support/simulation/told.ts";

beforeAll(warmUp, 60_000);

/** What the cloud has got from the service by way of Azure Resource Manager; who asks is not known of all that a fault strikes. */
const requestsOf = ({ world }: Pick<Simulation, "world">): LoggedRequest[] =>
  world.cloud
    .requests()
    .requests.filter(
      ({ kind, principal = serviceIdentity.principalId }) =>
        kind === "arm" && principal === serviceIdentity.principalId,
    );

const named = (figures: Figure[], name: string) => figures.filter((figure) => figure.name === name);
const sum = (figures: Figure[], name: string) => named(figures, name).reduce((all, { value }) => all + value, 0);

/** The role assignments that the service has made, as the cloud has them. */
const grantsIn = ({ cloud }: Simulation["world"]) =>
  (cloud.state().roleAssignments as { properties?: { createdBy?: string } }[]).filter(
    ({ properties }) => properties?.createdBy === serviceIdentity.principalId,
  );

describe("the figures of a build", () => {
  it("are what the cloud says of it", async () => {
    const simulation = await openSimulation(1, { env: UNSWEPT });
    const { world, close } = simulation;
    const { id, detection } = await watchedBuild(simulation);
    await close();
    const figures = await world.told.figures();
    const receipt = receiptOf(world, "aks-jumpbox", id);
    expect(named(figures, "goldsmith.builds")).toMatchObject([
      { value: 1, unit: "{build}", attributes: { image: "aks-jumpbox", outcome: "built", cleanup: "clean" } },
    ]);

    const requests = requestsOf(simulation);
    expect(sum(figures, "goldsmith.arm.calls")).toBe(requests.length);
    for (const status of new Set(requests.map((one) => one.status))) {
      const told = named(figures, "goldsmith.arm.calls").filter(
        ({ attributes }) => attributes["status"] === String(status),
      );
      const got = requests.filter((one) => one.status === status);
      expect(
        told.reduce((all, { value }) => all + value, 0),
        String(status),
      ).toBe(got.length);
    }

    // The life of each role assignment, on the cloud's own clock.
    const times = (method: string) =>
      requests.filter((one) => one.method === method && one.path.includes("/roleAssignments/") && one.status < 300);
    const lives = times("DELETE").map(({ path, time }) => {
      const made = times("PUT").find((put) => put.path.split("?")[0] === path.split("?")[0]);
      return (Date.parse(time) - Date.parse(made?.time ?? "")) / 1000;
    });
    expect(lives).toHaveLength(2);
    const held = named(figures, "goldsmith.grant.duration");
    expect(held.map(({ attributes }) => String(attributes["role"])).toSorted()).toEqual([
      "image creation",
      "network join",
    ]);
    const life = lives.reduce((all, one) => all + one, 0);
    expect(Math.abs(sum(figures, "goldsmith.grant.duration") - life)).toBeLessThan(10);

    const [whole] = named(figures, "goldsmith.build.duration");
    const took = (Date.parse(receipt?.endedAt ?? "") - Date.parse(receipt?.startedAt ?? "")) / 1000;
    expect(whole?.value).toBeCloseTo(took, 0);
    expect(sum(figures, "goldsmith.phase.duration")).toBeCloseTo(took, 0);

    const [delay] = named(figures, "goldsmith.detection.delay");
    expect(delay).toMatchObject({ count: 1, unit: "s" });
    // From the end that the cloud itself tells to the next thing that is asked of it, which is what the run has made.
    expect(detection).toBeGreaterThan(1000);
    expect(Math.abs((delay?.value ?? 0) - detection / 1000)).toBeLessThan(1);
    const root = spansOf(world.told.spans(), id).find(({ name }) => name === "build");
    expect(millisecondsOf(root?.duration ?? [0, 0]) / 1000).toBeCloseTo(whole?.value ?? 0, 3);
  });

  it("count every request and every throttle in worlds in which things go wrong", async () => {
    let throttled = 0;
    const worlds = process.env.FAULTS === "all" ? 25 : 8;
    for (const seed of Array.from({ length: worlds }, (_, index) => index + 1)) {
      const { world } = await simulate(seed);
      const requests = requestsOf({ world });
      // What hung when the world ended has no end to be told.
      const answered = requests.filter(({ fault }) => fault !== "hang");
      const figures = await world.told.figures();
      const calls = sum(figures, "goldsmith.arm.calls");
      expect(calls, `seed ${seed}`).toBeGreaterThanOrEqual(answered.length);
      expect(calls, `seed ${seed}`).toBeLessThanOrEqual(requests.length);
      const refused = requests.filter(({ status }) => status === 429).length;
      expect(sum(figures, "goldsmith.arm.throttled"), `seed ${seed}`).toBe(refused);
      throttled += refused;
    }
    expect(throttled).toBeGreaterThan(0);
  });

  it("have names, units and attributes of their tables, and few values of each attribute", async () => {
    for (const seed of [3, 7, 12]) {
      const figures = await (await simulate(seed)).world.told.figures();
      for (const { name, unit, attributes } of figures) {
        const row = { ...METRICS, ...GAUGES }[name as keyof typeof METRICS];
        expect(row?.unit, name).toBe(unit);
        expect(Object.keys(attributes).toSorted(), name).toEqual([...(row.attributes ?? [])].toSorted());
        for (const value of Object.values(attributes)) expect(String(value)).not.toMatch(/\d{8}-\d{6}|[0-9a-f]{8}-/);
      }
    }
  });
});

describe("the figures of a sweep", () => {
  it("tell that it was, what stands, what is overdue and who waits", async () => {
    const { host, world, close } = await openSimulation(1);
    const path = `/runtime/webhooks/durabletask/entities/${TURNS}/${ALL}?op=ask`;
    const headers = { "content-type": "application/json" };
    const turn = { buildId: "aks-jumpbox-20291231-230000-aaaa", image: "aks-jumpbox", place: "somewhere" };
    await host.send({ method: "POST", path, headers, body: JSON.stringify(turn) });
    await host.instance(`@${TURNS}@${ALL}`, ({ input }) => input?.includes(turn.buildId) ?? false);
    await startBuild(host, 1);
    await host.clock.sleep(12 * MINUTE * 1000);
    const figures = await world.told.figures();
    expect(named(figures, "goldsmith.sweeps")).toMatchObject([{ value: 1, attributes: { result: "done" } }]);
    expect(named(figures, "goldsmith.queue.length")).toMatchObject([{ value: 1 }]);
    // Asked for at midnight, and swept ten minutes later.
    expect(named(figures, "goldsmith.queue.oldest")[0]?.value).toBeCloseTo(600, -1);
    expect(named(figures, "goldsmith.grants.standing")).toMatchObject([{ value: 0 }]);
    expect(named(figures, "goldsmith.grants.overdue")).toMatchObject([{ value: 0 }]);
    expect(named(figures, "goldsmith.leftovers")).toMatchObject([{ value: 0 }]);
    // Of the sweep ten minutes after midnight: two more, and twenty minutes.
    expect(named(figures, "goldsmith.sweeps.due")).toMatchObject([{ value: Date.parse("2030-01-01T00:50Z") / 1000 }]);
    await close();
  });

  it("tell of grants that stand while their build runs, and of those beyond their deadline", async () => {
    const { host, world, close } = await openSimulation(1);
    const id = await startBuild(host, 1);
    await host.clock.sleep(12 * MINUTE * 1000);
    const standing = async () => named(await world.told.figures(), "goldsmith.grants.standing")[0]?.value;
    const overdue = async () => named(await world.told.figures(), "goldsmith.grants.overdue")[0]?.value;
    const inCloud = () => grantsIn(world).length;
    expect(inCloud()).toBe(2);
    expect([await standing(), await overdue()]).toEqual([inCloud(), 0]);
    await host.send({
      method: "POST",
      path: `/runtime/webhooks/durabletask/instances/${id}/suspend?reason=test`,
      headers: {},
      body: "",
    });
    let most = 0;
    for (let minutes = 0; minutes < 12 * 60; minutes += 10) {
      await host.clock.sleep(10 * MINUTE * 1000);
      most = Math.max(most, (await overdue()) ?? 0);
    }
    expect(most).toBe(2);
    expect([await standing(), await overdue(), inCloud()]).toEqual([0, 0, 0]);
    await close();
  });

  it("say nothing of what stands or is left where the sweep could not look, which health and the log tell", async () => {
    const { host, world, close } = await openSimulation(1);
    await startBuild(host, 1);
    await host.clock.sleep(5 * MINUTE * 1000);
    world.cloud.addFault({ method: "GET", path: "/roleAssignments$", status: 403, code: "AuthorizationFailed" });
    await host.clock.sleep(7 * MINUTE * 1000);
    expect(grantsIn(world)).not.toEqual([]);
    const figures = await world.told.figures();
    expect(named(figures, "goldsmith.sweeps")).toMatchObject([{ value: 1, attributes: { result: "incomplete" } }]);
    expect(named(figures, "goldsmith.grants.standing")).toEqual([]);
    expect(named(figures, "goldsmith.leftovers")).toEqual([]);
    const { status, body } = await host.send({ method: "GET", path: "/api/health", headers: {}, body: "" });
    const { checks } = JSON.parse(body.toString()) as { checks: { name: string; state: string }[] };
    expect([status, checks.find(({ name }) => name === "sweeper")?.state]).toEqual([503, "fails"]);
    expect(host.logs.join("\n")).toContain("GOLDSMITH ALARM not looked at: assignments");
    await close();
  });
});

describe("the figures of callbacks", () => {
  it("count attempts that failed, and the one with which a callback was given up", async () => {
    const tickets = ticketSystem(({ told }) =>
      told.length === 0 ? { status: 500, headers: {} } : { status: 410, headers: {} },
    );
    let figures: Figure[] = [];
    await onStage(tickets, async (stage) => {
      await tickets.ask(stage);
      await stage.ended(stage.first());
      await stage.sleep(MINUTE);
      figures = await stage.world.told.figures();
    });
    const dead = named(figures, "goldsmith.callback.failures");
    expect(dead.find(({ attributes }) => attributes["dead"] === "false")?.value).toBe(1);
    expect(dead.find(({ attributes }) => attributes["dead"] === "true")?.value).toBe(tickets.told.length - 1);
  });
});
