import { beforeAll, describe, expect, it } from "vitest";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import type { Evidence } from "../support/faults/evidence.ts";
import { versionsOf } from "../support/faults/promises/truth.ts";
import { onStage } from "../support/faults/stage.ts";
import { answer, MOMENTS, PATHS, scenario } from "../support/faults/strikes.ts";
import { UNSWEPT, warmUp } from "../support/simulation/simulation.ts";
import type { World } from "../support/simulation/world.ts";

beforeAll(warmUp, 120_000);

const MINUTE = 60_000;
const receiptOf = ({ builds }: Evidence) => builds[0]?.receipt;
const minutesOf = ({ builds }: Evidence) => {
  const { startedAt = "", endedAt = "" } = builds[0]?.receipt ?? {};
  return (Date.parse(endedAt) - Date.parse(startedAt)) / MINUTE;
};
const longestHistory = ({ instances }: Evidence) => Math.max(...instances.map(({ history }) => history.length));

const A_WAIT = { "retry-after": "4000" };

/** An archive that takes no plan for now. */
const withoutPlans = (world: World): World => {
  const answer: World["archive"]["answer"] = (call) =>
    call.method === "PUT" && call.url.pathname.endsWith("/plan.json")
      ? { status: 503, headers: { "x-ms-error-code": "ServerBusy", ...A_WAIT } }
      : world.archive.answer(call);
  return { ...world, archive: { ...world.archive, answer } };
};

describe("a request to cancel", () => {
  it("is heard while the build keeps a wait of twenty minutes that Azure asked for", async () => {
    let askedAt = 0;
    const evidence = await onStage({}, async (stage) => {
      const throttled = {
        method: "GET",
        path: PATHS.template,
        status: 429,
        headers: { "retry-after": "1200" },
        count: 1,
      };
      stage.when(MOMENTS.running, { after: () => stage.fault(throttled) });
      await stage.ask();
      while (!stage.seen.answers.some(({ status }) => status === 429)) await stage.sleep(1);
      askedAt = stage.host.clock.now();
      await stage.cancel();
    });
    expect(receiptOf(evidence)).toMatchObject({ outcome: { kind: "cancelled" }, cleanUp: { kind: "clean" } });
    const cancelled = evidence.answers.find(({ method, path }) => method === "POST" && path.endsWith("/cancel"));
    expect((cancelled?.at ?? Infinity) - askedAt).toBeLessThan(MINUTE);
    expect(longestHistory(evidence)).toBeLessThan(300);
  });

  it("is none where an event comes that somebody has raised past the service, whatever is in it", async () => {
    const evidence = await onStage({}, async (stage) => {
      const forge = () => {
        const path = `/runtime/webhooks/durabletask/instances/${stage.first()}/raiseEvent/cancel`;
        return stage.post(path, { reason: "forged" });
      };
      stage.when(MOMENTS.running, { after: forge });
      await stage.ask();
      await stage.sleep(5);
      await forge();
    });
    expect(receiptOf(evidence)).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  });

  it("is heard after such an event, while the run goes on that the event came in", async () => {
    const evidence = await onStage({}, async (stage) => {
      const path = () => `/runtime/webhooks/durabletask/instances/${stage.first()}/raiseEvent/cancel`;
      stage.when(MOMENTS.running, { after: () => stage.post(path(), { reason: "forged" }) });
      const id = await stage.ask();
      await stage.sleep(420);
      const headers = { "content-type": "application/json" };
      const body = '{"reason":"asked for"}';
      await stage.host.send({ method: "POST", path: `/api/builds/${id}/cancel`, headers, body });
    });
    expect(receiptOf(evidence)).toMatchObject({
      outcome: { kind: "cancelled", reason: "asked for" },
      cleanUp: { kind: "clean" },
    });
    expect(minutesOf(evidence)).toBeLessThan(25);
  });

  it("brings no build its turn early where somebody has told its wait to stop past the service", async () => {
    const evidence = await onStage({}, async (stage) => {
      await stage.ask();
      await stage.sleep(60);
      const waiting = await stage.ask();
      await stage.sleep(60);
      const path = `/runtime/webhooks/durabletask/instances/${waiting}-turn/raiseEvent/wake`;
      expect(await stage.post(path, { stop: true })).toBe(202);
    });
    const [first, second] = evidence.builds.map(({ receipt }) => receipt);
    expect([first?.outcome.kind, second?.outcome.kind]).toEqual(["built", "built"]);
    const released = first?.grants.map(({ releasedAt = "" }) => releasedAt).toSorted()[0] ?? "";
    expect(released).not.toBe("");
    expect((second?.grants.map(({ askedAt }) => askedAt).toSorted()[0] ?? "") >= released).toBe(true);
  });

  it("is answered with how the build has ended where one of before has ended it, and is a conflict elsewhere", async () => {
    const evidence = await onStage({}, async (stage) => {
      const ended = async () => {
        const id = await stage.ask();
        await stage.ended(id);
        await stage.sleep(60);
        const headers = { "content-type": "application/json" };
        const path = `/api/builds/${id}/cancel`;
        const { status, body } = await stage.host.send({ method: "POST", path, headers, body: '{"reason":"again"}' });
        return { status, body: JSON.parse(body.toString()) as object };
      };
      stage.when(MOMENTS.running, { after: () => stage.cancel() });
      expect(await ended()).toMatchObject({ status: 200, body: { state: "cancelled" } });
      expect(await ended()).toMatchObject({ status: 409, body: { type: "urn:goldsmith:problem:build-ended" } });
    });
    expect(receiptOf(evidence)?.outcome).toEqual({ kind: "cancelled" });
  });

  it.each([
    ["the ground is checked", {}, answer("GET", PATHS.network, 429, { headers: A_WAIT, count: 3 })],
    ["the plan cannot be kept", { wrapWorld: withoutPlans }, () => {}],
  ] as const)("is heard while %s, whatever wait is asked for", async (_, setting, strike) => {
    const evidence = await onStage(setting, async (stage) => {
      strike(stage);
      await stage.ask();
      await stage.sleep(60);
      await stage.cancel();
    });
    expect(receiptOf(evidence)).toMatchObject({ outcome: { kind: "cancelled" }, cleanUp: { kind: "clean" } });
    expect(minutesOf(evidence)).toBeLessThan(5);
    expect(evidence.held).toEqual([]);
  });

  it("names the image version that image builder had put into the gallery by then", async () => {
    const evidence = await onStage({}, async (stage) => {
      const id = await stage.ask();
      while (versionsOf(id, stage.world.cloud.state()).length === 0) await stage.sleep(30);
      await stage.cancel();
    });
    const outcome = receiptOf(evidence)?.outcome;
    expect(outcome?.kind).toBe("cancelled");
    expect(outcome?.imageVersions).toHaveLength(1);
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it("waits for the end of the run, and keeps its whole log, where that takes hours", async () => {
    const evidence = await onStage({}, (stage) => {
      scenario("cancel-hangs", { seconds: 3 * 3600 })(stage);
      stage.when(MOMENTS.running, { after: () => stage.cancel() });
    });
    const receipt = receiptOf(evidence);
    expect(receipt).toMatchObject({ outcome: { kind: "cancelled" }, cleanUp: { kind: "clean" } });
    expect(receipt?.log).toMatchObject({ kind: "archived" });
    expect(receipt?.log).not.toHaveProperty("incomplete");
    expect(minutesOf(evidence)).toBeGreaterThan(180);
  });

  it("gives both grants back at their deadline where the run never ends, and calls its log incomplete", async () => {
    const evidence = await onStage({ env: UNSWEPT }, (stage) => {
      scenario("cancel-hangs")(stage);
      stage.when(MOMENTS.running, { after: () => stage.cancel() });
    });
    const receipt = receiptOf(evidence);
    expect(receipt?.log).toMatchObject({ kind: "archived", incomplete: true });
    expect(receipt?.cleanUp.kind).toBe("leftovers");
    expect(evidence.held).toHaveLength(2);
    for (const { until = "" } of receipt?.grants ?? []) {
      for (const { to = 0 } of evidence.held) expect(to - Date.parse(until)).toBeLessThan(MINUTE);
    }
    expect(longestHistory(evidence)).toBeLessThan(300);
  });
});

it("keeps what looks like a secret out of a receipt's failure, and out of every history", async () => {
  const evidence = await onStage({}, (stage) =>
    stage.fault({
      method: "PUT",
      path: PATHS.template,
      status: 400,
      code: "ValidationFailed",
      message: "The URI https://x.blob/y?sig=hunter2 is not valid.",
    }),
  );
  expect(receiptOf(evidence)?.outcome).toMatchObject({ failure: { message: expect.stringContaining("[redacted]") } });
  expect(JSON.stringify([evidence.instances, receiptOf(evidence)])).not.toContain("hunter2");
});
