import { afterEach, describe, expect, it } from "vitest";
import { isUnderWayState } from "../../src/domain/buildView.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

let stack: TestStack;
afterEach(() => stack.stop());

describe("a crash of the host", () => {
  it.each([
    ["while it grants", "granting"],
    ["while the template is made", "creating the template"],
    ["while the run goes on", "running"],
    ["while it cleans up", "cleaning up"],
  ])("%s does not keep the build from its clean end", async (_, phase) => {
    stack = await TestStack.start();
    const id = await stack.startBuild();
    await stack.until(id, (build) => build.phase?.startsWith(phase) ?? !isUnderWayState(build.state));
    await stack.crashAndRestart();
    const receipt = await stack.receiptOf(id);

    expect(receipt.outcome.kind).toBe("built");
    expect(receipt.cleanUp).toEqual({ kind: "clean" });
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: 1 });
    const runs = (await stack.requests()).filter(({ method, path }) => method === "POST" && /\/run(\?|$)/.test(path));
    expect(runs).toHaveLength(1);
  });
});
