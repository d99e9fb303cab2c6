import { describe, expect, it } from "vitest";
import type { Receipt } from "../../src/domain/receipt.ts";
import { approvalFakes, approvedDecision } from "../support/fakeApproval.ts";
import { type FakeSteps, fakeService, functionsOf } from "../support/fakeService.ts";
import { runOrchestration } from "../support/orchestration.ts";
import { request } from "../support/plan.ts";

/** @returns what is done in which order, each once, and the receipt. */
async function build(changes: Partial<FakeSteps>) {
  const fake = fakeService({ ...approvalFakes, ...changes });
  const ran = await runOrchestration(functionsOf(fake), { instanceId: request.buildId, input: request });
  const names = ran.calls.map(({ name }) => name);
  return { ...ran, steps: [...new Set(names)], receipt: ran.output as Receipt };
}

const fails = () => Promise.reject(new Error("no connection"));

describe("a build that has to be approved", () => {
  it("asks for that once the ground has been looked at, and looks once more when its turn has come", async () => {
    const { calls, receipt } = await build({ readDecision: async () => approvedDecision });
    const names = calls.map(({ name }) => name).slice(0, 8);
    expect(names).toEqual([
      "planBuild",
      "checkGround",
      "askApproval",
      "readDecision",
      "turns.ask",
      "checkGround",
      "askApproval",
      "lease.join",
    ]);
    expect(receipt).toMatchObject({ outcome: { kind: "built" }, approval: approvedDecision });
  });

  it("gives its turn back, and asks anew, where it would build something else by then", async () => {
    let asked = 0;
    const { steps, calls, receipt } = await build({
      askApproval: async ({ templateHash, source, expiresAt }) => {
        const planHash = (asked++ === 0 ? "b" : "a").repeat(64);
        return { planHash, templateHash, source: { id: source }, expiresAt };
      },
      readDecision: async ({ planHash }) => ({ ...approvedDecision, planHash }),
    });
    expect(steps.indexOf("turns.giveBack")).toBeLessThan(steps.indexOf("lease.join"));
    expect(calls.filter(({ name }) => name === "turns.ask")).toHaveLength(2);
    expect(receipt).toMatchObject({ outcome: { kind: "built" }, approval: { planHash: "a".repeat(64) } });
  });

  it("is made of the version that was approved in the end, not of one whose approval was void", async () => {
    let asked = 0;
    const shown = ["1.0.0", "2.0.0", "2.0.0", "2.0.0"];
    const { calls, receipt } = await build({
      askApproval: async ({ templateHash, source, expiresAt }) => {
        const version = shown[asked++] ?? "";
        return { planHash: version.padEnd(64, "0"), templateHash, source: { id: source, version }, expiresAt };
      },
      readDecision: async ({ planHash }) => ({ ...approvedDecision, planHash }),
    });
    const made = calls.filter(({ name }) => name === "createTemplate").map(({ input }) => input);
    expect(made).toMatchObject([{ sourceVersion: "2.0.0" }]);
    expect(receipt).toMatchObject({ outcome: { kind: "built" } });
  });

  it("is refused where the ground does not do any more when its turn has come", async () => {
    let looks = 0;
    const finding = {
      code: "c",
      severity: "blocks",
      resource: "r",
      seen: "s",
      why: "w",
      mend: "m",
      owner: "network",
    } as const;
    const { steps, receipt } = await build({
      checkGround: async () => (looks++ === 0 ? [] : [finding]),
      readDecision: async () => approvedDecision,
    });
    expect(receipt).toMatchObject({ outcome: { kind: "refused", findings: [{ code: "c" }] }, grants: [] });
    expect(steps).toContain("turns.giveBack");
  });

  it("takes a decision that came in the last moment", async () => {
    const { receipt } = await build({ expireApproval: async () => approvedDecision });
    expect(receipt).toMatchObject({ outcome: { kind: "built" } });
  });

  it.each(["askApproval", "readDecision", "expireApproval"] as const)(
    "fails with nothing granted or made where %s fails each time",
    async (name) => {
      const { steps, receipt } = await build({ [name]: fails });
      expect(receipt).toMatchObject({ outcome: { kind: "failed" }, cleanUp: { kind: "clean" }, grants: [] });
      expect(steps).not.toContain("turns.ask");
    },
  );
});
