import { afterEach, describe, expect, it } from "vitest";
import { chanceOf } from "../../local/chance.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

let stack: TestStack;
afterEach(() => stack.stop());

const KILLS_A_BUILD = 5;
/** `npm run test:faults` has ten builds, and so fifty kills. */
const BUILDS = process.env.FAULTS === "all" ? 10 : 1;

describe("a host that is killed with SIGKILL at random moments of a build", () => {
  it.each(Array.from({ length: BUILDS }, (_, index) => index + 1))(
    `builds all the same, once, and leaves nothing behind: five kills, build %i of ${BUILDS}`,
    async (number) => {
      const chance = chanceOf(number, "kills");
      stack = await TestStack.start();
      const id = await stack.startBuild();
      for (let kill = 0; kill < KILLS_A_BUILD; kill++) {
        // Half an hour of the local clock takes under eight seconds.
        await new Promise((resolve) => setTimeout(resolve, chance.whole(0, 2500)));
        await stack.crashAndRestart();
      }
      const receipt = await stack.receiptOf(id);
      expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
      expect(await stack.traces()).toEqual({ ...NOTHING, versions: 1 });
      const runs = (await stack.requests()).filter(({ method, path }) => method === "POST" && /\/run(\?|$)/.test(path));
      expect(runs).toHaveLength(1);
    },
  );
});
