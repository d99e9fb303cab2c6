import { beforeAll, describe, expect, it } from "vitest";
import { lostReceipt } from "../../src/domain/lostReceipt.ts";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { HOUR, MINUTE, onStage, type Stage } from "../support/faults/stage.ts";
import { MOMENTS } from "../support/faults/strikes.ts";
import { get, groupOf, putDocument, sweepNow, terminate, until, withoutArchive } from "../support/faults/sweeping.ts";
import { UNSWEPT, warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

/** An operator ends the build when it gets there; the sweeper does the rest. */
const terminatedAt = (moment: keyof typeof MOMENTS) => async (stage: Stage) => {
  stage.when(MOMENTS[moment], { after: () => terminate(stage, stage.first()) });
  const ticket = { system: "ServiceNow", number: "RITM0012345" };
  await stage.post("/api/images/aks-jumpbox/builds", { reason: "monthly patches", ticket });
  stage.expect(stage.first());
};

describe("the receipt of a build that the sweeper has closed", () => {
  it("is the build's own, where only the archive would not take it for a while", async () => {
    let isOut = true;
    const wrapWorld = withoutArchive((method, path) => isOut && method === "PUT" && path.includes("/receipt.json"));
    const evidence = await onStage({ wrapWorld, env: UNSWEPT }, async (stage) => {
      const id = await stage.ask();
      await stage.ended(id);
      expect(stage.receipt(id)).toBeUndefined();
      expect((await get(stage, `/api/builds/${id}`)).body).toMatchObject({ state: "built" });
      isOut = false;
      for (let sweep = 0; sweep < 12 && !stage.receipt(id); sweep++) {
        await sweepNow(stage);
        await stage.sleep(10 * MINUTE);
      }
    });
    expect(brokenPromises(evidence)).toEqual([]);
    const { receipt } = evidence.builds[0] ?? {};
    expect(receipt).toMatchObject({ outcome: { kind: "built" }, log: { kind: "archived" }, grants: [{}, {}] });
    expect(receipt).not.toHaveProperty("notKept");
  });

  it("does not stand before the build's own, which its instance still has", async () => {
    await onStage({}, async (stage) => {
      const id = await stage.ask();
      await stage.ended(id);
      const unknown = { request: undefined, source: undefined, templateHash: undefined, parameters: undefined };
      const build = { buildId: id, image: "aks-jumpbox", ...unknown, hadRun: true, found: {} };
      const poorer = lostReceipt(build, [], new Date());
      putDocument(stage, `builds/aks-jumpbox/${id}/receipt.json`, poorer);
      expect((await get(stage, `/api/builds/${id}`)).body).toMatchObject({ state: "built" });
    });
  });

  it("repeats what was asked for, and each grant that was in the cloud, with when it was read back as gone", async () => {
    const evidence = await onStage({}, terminatedAt("running"));
    expect(brokenPromises(evidence)).toEqual([]);
    const { receipt } = evidence.builds[0] ?? {};
    expect(receipt).toMatchObject({
      requested: { door: "http", reason: "monthly patches", ticket: { number: "RITM0012345" } },
      outcome: { kind: "failed", failure: { code: "build-lost" } },
      source: { id: "Canonical:ubuntu-24_04-lts:server:latest" },
      log: { kind: "archived" },
    });
    expect(evidence.held).toHaveLength(2);
    for (const { id, from, to = Number.NaN } of evidence.held) {
      const told = receipt?.grants.find(({ name }) => id.endsWith(name));
      expect(Math.abs(Date.parse(told?.askedAt ?? "") - from)).toBeLessThan(2 * MINUTE * 1000);
      expect(Math.abs(Date.parse(told?.removedAt ?? "") - to)).toBeLessThan(2 * MINUTE * 1000);
      expect(Date.parse(told?.until ?? "")).toBeGreaterThan(from + HOUR * 1000);
    }
    expect(Date.parse(receipt?.startedAt ?? "")).toBe(Date.parse("2030-01-01T00:00:00Z"));
  });

  it("also repeats the grant that the build itself had let go before it was lost", async () => {
    const { builds, held } = await onStage({}, terminatedAt("revoking network join"));
    expect(builds[0]?.receipt?.grants.map(({ removedAt }) => removedAt)).toEqual([
      expect.any(String),
      expect.any(String),
    ]);
    expect(held).toHaveLength(2);
  });

  it("says that there was no log where nobody had asked for a run", async () => {
    const { builds, runs } = await onStage({}, terminatedAt("creating the template"));
    expect(runs).toEqual([]);
    expect(builds[0]?.receipt?.log).toEqual({ kind: "none" });
  });

  it("lists a staging group that outlives its template, and is not written before that is sure", async () => {
    const evidence = await onStage({}, async (stage) => {
      const state = () => JSON.stringify(stage.world.cloud.state());
      await terminatedAt("running")(stage);
      const id = stage.first();
      await until(stage, 120, () => groupOf(stage, id) !== undefined);
      const group = groupOf(stage, id);
      await until(stage, 120, () => !state().includes(`/imageTemplates/${id}`));
      // It is there again as image builder had made it, before the sweeper has looked a second time.
      const { location, tags } = group ?? {};
      await stage.asOperator("PUT", group?.id ?? "", "2021-04-01", { location, tags });
    });
    expect(brokenPromises(evidence)).toEqual([]);
    const { cleanUp } = evidence.builds[0]?.receipt ?? {};
    expect(cleanUp).toMatchObject({
      kind: "leftovers",
      leftovers: [{ command: expect.stringMatching(/^az group delete .*-a1-staging --yes$/) }],
    });
    expect(evidence.alarms).toContain(`alarms/${evidence.builds[0]?.id}.json`);
  });
});
