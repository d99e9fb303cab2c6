import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scheduledBuildId } from "../../src/domain/buildId.ts";
import { ScheduleView } from "../../src/domain/schedule/view.ts";
import { TestStack } from "../support/stack.ts";

let stack: TestStack;
beforeEach(async () => {
  // The sample is due at 02:00 in Berlin, which is 01:00 UTC in winter: the first look must come before, on a busy machine too.
  stack = await TestStack.start({ at: "2027-01-14T23:40:00Z" });
});
afterEach(() => stack.stop());

const SCHEDULE = "/api/images/aks-jumpbox/schedule";

describe("the nightly schedule", () => {
  it("starts the recipe that is due, once, and tells what was decided and what comes next", async () => {
    const id = scheduledBuildId("aks-jumpbox", new Date("2027-01-15T01:00:00Z"), "local");
    for (;;) {
      const answer = await stack.request(`/api/builds/${id}`);
      if (answer.status === 200) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const receipt = await stack.receiptOf(id);
    expect(receipt).toMatchObject({ requested: { door: "schedule" }, outcome: { kind: "built" } });
    // Two more ticks of the timer.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect((await stack.traces()).versions).toBe(1);

    const told = ScheduleView.parse(await (await stack.request(SCHEDULE)).json());
    expect(told).toMatchObject({ state: "active", failures: [], lastBuilt: { buildId: id } });
    expect(told.decisions).toEqual([
      expect.objectContaining({ kind: "started", why: "due", due: "2027-01-15T01:00:00.000Z", buildId: id }),
    ]);
    expect(told.next.map(({ due }) => due)).toEqual([
      "2027-01-16T01:00:00.000Z",
      "2027-01-17T01:00:00.000Z",
      "2027-01-18T01:00:00.000Z",
    ]);
    for (const { due, startAt } of told.next) {
      const jitter = Date.parse(startAt) - Date.parse(due);
      expect(jitter >= 0 && jitter < 300_000, startAt).toBe(true);
    }
    const before = await stack.request(`${SCHEDULE}?before=2027-01-15T01:00:00Z`);
    expect(await before.json()).toMatchObject({ decisions: [] });
  });
});
