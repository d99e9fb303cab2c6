import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isUnderWayState } from "../../src/domain/buildView.ts";
import { writeApp } from "../support/appFolder.ts";
import { sampleRecipe } from "../support/plan.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

let stack: TestStack;
let newVersion: string;

/** Other words in all that orchestrators note, and another recipe; but the same steps, as a release must have them. */
beforeEach(() => {
  newVersion = mkdtempSync(join(tmpdir(), "goldsmith-"));
  const recipe = sampleRecipe();
  const customize = [...recipe.customize, { type: "Shell" as const, name: "more", inline: ["echo more"] }];
  writeApp(newVersion, [{ ...recipe, description: "Another text", buildTimeoutInMinutes: 200, customize }], (code) => {
    const changed = code.replaceAll(/\bnote\("/g, 'note("new: ');
    if (changed === code) throw new Error("Nothing is noted in this bundle.");
    return changed;
  });
});

afterEach(async () => {
  await stack.stop();
  rmSync(newVersion, { recursive: true, force: true });
});

/** `npm test` deploys at the first of them. */
const PHASES = ["running", "granting", "creating the template", "cleaning up"].slice(
  0,
  process.env.FAULTS === "all" ? 4 : 1,
);

describe("a new version that is deployed in mid-flight", () => {
  it.each(PHASES)(
    "replays what the old one recorded, and goes on with it to its end: while it is %s",
    async (phase) => {
      stack = await TestStack.start();
      const id = await stack.startBuild();
      await stack.until(id, (build) => build.phase?.startsWith(phase) ?? !isUnderWayState(build.state));
      await stack.crashAndRestart(newVersion);

      const receipt = await stack.receiptOf(id);
      expect(receipt).toMatchObject({
        outcome: { kind: "built" },
        cleanUp: { kind: "clean" },
        log: { kind: "archived" },
      });
      // Replayed from its beginning: what happened under the old version is told in the new one's words.
      const events = receipt.timeline.map(({ event }) => event);
      expect(events).toEqual(expect.arrayContaining(["new: planned", "new: granted", "new: run", "new: deleted"]));
      expect(events).not.toContain("planned");
      expect(await stack.traces()).toEqual({ ...NOTHING, versions: 1 });
      const runs = (await stack.requests()).filter(({ method, path }) => method === "POST" && /\/run(\?|$)/.test(path));
      expect(runs).toHaveLength(1);

      const answer = await stack.request("/runtime/webhooks/durabletask/instances?showInput=false&top=1000");
      const instances = (await answer.json()) as { name: string; runtimeStatus: string; output: unknown }[];
      const orchestrations = instances.filter(({ name }) => !name.startsWith("@"));
      expect(orchestrations.filter(({ runtimeStatus }) => runtimeStatus !== "Completed")).toEqual([]);
      expect(orchestrations.length).toBeGreaterThan(4);
    },
  );
});
