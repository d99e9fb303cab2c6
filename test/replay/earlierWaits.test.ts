import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { waitForTurn } from "../../src/orchestrators/waitForTurn.ts";
import { replay, type SavedHistory, scheduledIn } from "../support/orchestration.ts";

/**
 * Two generations of a wait behind another build of the image, as they were when the queue told the place in it alone
 * and a wait had no end: never to be recorded anew.
 */
const saved = (generation: 1 | 2): SavedHistory =>
  JSON.parse(readFileSync(join(import.meta.dirname, "earlier", `waitForTurn-${generation}.json`), "utf8"));

it.each([1, 2] as const)(
  "goes on with a wait that began before waits had an end: generation %i",
  async (generation) => {
    const { instanceId, input, history } = saved(generation);
    const { scheduled } = await replay(waitForTurn, { instanceId, input, history });
    expect(scheduled).toEqual(scheduledIn(history));
  },
);

it("lets its build go on when its turn comes", async () => {
  expect(await replay(waitForTurn, saved(2))).toMatchObject({ isDone: true, output: "turn" });
});
