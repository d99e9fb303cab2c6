import { afterEach, describe, expect, it } from "vitest";
import { scheduledBuildId } from "../../src/domain/buildId.ts";
import { TestStack } from "../support/stack.ts";

let stack: TestStack;
afterEach(() => stack.stop());

describe("the nightly schedule", () => {
  it("starts the recipe that is due, once", async () => {
    // The sample is due at 02:00 in Berlin, which is 01:00 UTC in winter.
    stack = await TestStack.start({ at: "2027-01-15T00:20:00Z" });
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
  });
});
