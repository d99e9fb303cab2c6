/**
 * Writes the histories that `savedHistories.test.ts` replays: `node test/replay/recordHistories.ts`. Record anew only
 * together with a change that is meant to break builds in flight, and say so in the commit.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildImage } from "../../src/orchestrators/buildImage.ts";
import { waitForRun } from "../../src/orchestrators/waitForRun.ts";
import { fakeActivities } from "../support/fakeActivities.ts";
import { runOrchestration } from "../support/orchestration.ts";
import { request } from "../support/plan.ts";

const { receipts: _, ...activities } = fakeActivities();
const { instances } = await runOrchestration([buildImage, waitForRun], activities, {
  instanceId: request.buildId,
  input: request,
});
for (const { instanceId, name, input, history } of instances.values()) {
  const saved = { instanceId, input: JSON.parse(input ?? "null"), history };
  const file = join(import.meta.dirname, "histories", `${name}.json`);
  writeFileSync(file, `${JSON.stringify(saved, undefined, 1)}\n`);
}
