import { afterEach, describe, expect, it } from "vitest";
import { isUnderWayState } from "../../src/domain/buildView.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

let stack: TestStack;
afterEach(() => stack.stop());

const cancel = (id: string, body: unknown = { reason: "asked for twice" }) =>
  stack.request(`/api/builds/${id}/cancel`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

describe("a build that is cancelled", () => {
  it.each([
    ["granting", ["none"]],
    ["creating the template", ["none"]],
    // Image builder may not have written a line yet.
    ["running", ["lost", "archived"]],
    ["running: customizing", ["archived"]],
  ])("while it is %s ends clean, with the reason", async (phase, log) => {
    // A run that makes its image while it is being cancelled would be another story.
    stack = await TestStack.start(phase === "running: customizing" ? { speed: 120 } : {});
    // Granting is over before anybody has seen it, unless Azure takes its time.
    if (phase === "granting") await stack.control("POST", "faults", { scenario: "grant-not-readable-yet" });
    const id = await stack.startBuild();
    await stack.until(id, (build) => build.phase?.startsWith(phase) ?? !isUnderWayState(build.state));
    expect((await cancel(id)).status).toBe(202);
    // Twice is the same as once, whatever the second reason.
    expect((await cancel(id, { reason: "another reason" })).status).toBe(202);

    const receipt = await stack.receiptOf(id);
    expect(receipt).toMatchObject({
      outcome: { kind: "cancelled", reason: "asked for twice" },
      cleanUp: { kind: "clean" },
    });
    expect(log).toContain(receipt.log.kind);
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: 0 });
  });

  it("while it waits for its turn ends without having asked Azure for anything", async () => {
    stack = await TestStack.start();
    const first = await stack.startBuild();
    await stack.until(first, ({ phase }) => phase?.startsWith("creating") ?? false);
    const second = await stack.startBuild();
    await stack.until(second, ({ phase }) => phase?.startsWith("waiting") ?? false);
    await cancel(second);
    const receipt = await stack.receiptOf(second);
    expect(receipt).toMatchObject({ outcome: { kind: "cancelled" }, grants: [], cleanUp: { kind: "clean" } });
    expect((await stack.receiptOf(first)).outcome.kind).toBe("built");
  });

  it("after its end is a conflict, and an unknown one is not found", async () => {
    stack = await TestStack.start();
    const id = await stack.startBuild();
    await stack.receiptOf(id);
    const late = await cancel(id);
    expect(late.status).toBe(409);
    expect(await late.json()).toMatchObject({ type: "urn:goldsmith:problem:build-ended" });
    expect((await cancel("aks-jumpbox-20260101-000000-aaaa")).status).toBe(404);
    expect((await cancel("@turns@all")).status).toBe(404);
    expect((await cancel(id, { reason: 5 })).status).toBe(400);
  });
});
