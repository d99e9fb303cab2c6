import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BuildRequest } from "../../src/domain/buildRequest.ts";
import type { Orchestrator } from "../../src/durable/orchestrator.ts";
import { buildImage } from "../../src/orchestrators/buildImage.ts";
import { deliverNotices } from "../../src/orchestrators/deliverNotices.ts";
import { followVersion } from "../../src/orchestrators/followVersion.ts";
import { runOccurrence } from "../../src/orchestrators/runOccurrence.ts";
import { sweep } from "../../src/orchestrators/sweep.ts";
import { fakeService, functionsOf } from "../support/fakeService.ts";
import { replay, type SavedHistory, scheduledIn } from "../support/orchestration.ts";

const FOLDER = join(import.meta.dirname, "histories");

const saved = (name: string): SavedHistory => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8"));

/** Today's code, but with a step more before the ground is checked, or without checking it. */
function changed(how: "more" | "fewer"): Orchestrator<BuildRequest, unknown> {
  return {
    name: buildImage.name,
    *body(context, request) {
      const steps = buildImage.body(context, request);
      let step = steps.next();
      for (let number = 1; !step.done; number++) {
        if (number === 2 && how === "more") yield context.df.callActivity("stagingGroupExists");
        const skipped = number === 2 && how === "fewer";
        step = steps.next(skipped ? { kind: "done", result: [] } : yield step.value);
      }
      return step.value;
    },
  };
}

describe("a build that an earlier version began", () => {
  it.each([...functionsOf(fakeService()).orchestrators, runOccurrence, followVersion, deliverNotices])(
    "goes on under this one: $name",
    async (orchestrator) => {
      const { instanceId, input, history } = saved(orchestrator.name);
      const replayed = await replay(orchestrator, { instanceId, input, history });
      expect(replayed.isDone).toBe(true);
      expect(replayed.scheduled).toEqual(scheduledIn(history));
    },
  );

  it("goes on under this one where its version is approved and published", async () => {
    const { instanceId, input, history } = saved("buildImage-published");
    const { scheduled, isDone } = await replay(buildImage, { instanceId, input, history });
    expect(isDone).toBe(true);
    expect(scheduled).toEqual(scheduledIn(history));
  });

  it.each(readdirSync(FOLDER).filter((name) => name.startsWith("sweep-")))(
    "and a sweep likewise, each time that it has begun anew: %s",
    async (file) => {
      const { instanceId, input, history } = saved(file.replace(/\.json$/, ""));
      const { scheduled } = await replay(sweep, { instanceId, input, history });
      // Having begun anew, it leaves nothing of that in the history that is over.
      expect(scheduled).toEqual(scheduledIn(history));
    },
  );

  it.each(["more", "fewer"] as const)("is seen to differ from code with one step %s", async (how) => {
    const { instanceId, input, history } = saved("buildImage");
    // The library itself fails where an answer comes to a step of another kind.
    const scheduled = await replay(changed(how), { instanceId, input, history }).then(
      (replayed) => replayed.scheduled,
      (error: Error) => error.message,
    );
    expect(scheduled).not.toEqual(scheduledIn(history));
  });
});
