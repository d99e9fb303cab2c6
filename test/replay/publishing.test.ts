import { describe, expect, it } from "vitest";
import type { Receipt } from "../../src/domain/receipt.ts";
import { approvedDecision, publishingFakes } from "../support/fakeApproval.ts";
import { type FakeSteps, fakeService, functionsOf } from "../support/fakeService.ts";
import { runOrchestration } from "../support/orchestration.ts";
import { request } from "../support/plan.ts";

const approved: Partial<FakeSteps> = { readDecision: async () => approvedDecision };

/** @returns what is done in which order, and the receipt. */
async function build(changes: Partial<FakeSteps>) {
  const fake = fakeService({ ...publishingFakes, ...changes });
  const { calls, output } = await runOrchestration(functionsOf(fake), { instanceId: request.buildId, input: request });
  return { calls, names: calls.map(({ name }) => name), receipt: output as Receipt };
}

const fails = () => Promise.reject(new Error("no connection"));
const present = (state: string, isExcluded: boolean) => async () => ({ kind: "present" as const, state, isExcluded });

describe("a build whose version is approved before it is published", () => {
  it("lets go of all it holds before it asks, and keeps its receipt when all is over", async () => {
    const { names, receipt } = await build(approved);
    const asked = names.indexOf("askApproval");
    for (const before of ["deleteTemplate", "lease.leave", "turns.giveBack"]) {
      expect(names.lastIndexOf(before)).toBeGreaterThan(-1);
      expect(names.lastIndexOf(before)).toBeLessThan(asked);
    }
    const after = ["askApproval", "readDecision", "includeInLatest", "readVersionState", "writeReceipt"];
    expect(names.slice(asked).filter((name) => name !== "giveNotice")).toEqual(after);
    expect(receipt).toMatchObject({ outcome: { kind: "built" }, publication: [{ kind: "published" }] });
  });

  it("asks for a decision on the very versions that it made", async () => {
    const { calls } = await build(approved);
    const imageVersions = await fakeService().readImageVersions({} as never);
    expect(calls.find(({ name }) => name === "askApproval")?.input).toMatchObject({ made: { imageVersions } });
  });

  it("asks for nothing where Azure does not tell what was made", async () => {
    const { names, receipt } = await build({ ...approved, readImageVersions: async () => [] });
    expect(names).not.toContain("askApproval");
    expect(receipt).toMatchObject({ outcome: { kind: "failed", failure: { code: "versions-not-told" } } });
  });

  it("tells the operators at once of what is left behind, not only when somebody has decided", async () => {
    const { names } = await build({ ...approved, leave: fails });
    expect(names.indexOf("raiseAlarm")).toBeGreaterThan(-1);
    expect(names.indexOf("raiseAlarm")).toBeLessThan(names.indexOf("askApproval"));
  });

  it("waits until Azure shows the change, and asks for it once", async () => {
    const shown = [present("Succeeded", true), present("Updating", false), present("Succeeded", false)];
    const { names, receipt } = await build({ ...approved, readVersionState: async () => (shown.shift() ?? fails)() });
    expect(names.filter((name) => name === "includeInLatest")).toHaveLength(1);
    expect(receipt).toMatchObject({ outcome: { kind: "built" } });
  });

  it.each([
    ["is not there any more", { readVersionState: async () => ({ kind: "absent" as const }) }],
    ["ends as failed", { readVersionState: present("Failed", false) }],
    ["is never the latest", { readVersionState: present("Succeeded", true) }],
    ["is never shown", { readVersionState: fails }],
  ])("fails where the version %s, and does not say that it is published or withheld", async (_, changes) => {
    const { receipt } = await build({ ...approved, ...changes });
    expect(receipt).toMatchObject({
      outcome: { kind: "failed", failure: { code: "publishing-failed" }, imageVersions: [expect.any(String)] },
      publication: [{ kind: "unknown" }],
      cleanUp: { kind: "clean" },
    });
  });

  it.each(["askApproval", "readDecision", "expireApproval"] as const)(
    "fails with the version withheld where %s fails each time",
    async (name) => {
      const { names, receipt } = await build({ [name]: fails });
      expect(names).not.toContain("includeInLatest");
      expect(receipt).toMatchObject({
        outcome: { kind: "failed", imageVersions: [expect.any(String)] },
        publication: [{ kind: "withheld", command: expect.stringContaining("az resource delete") }],
      });
    },
  );
});
