import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type Chance, chanceOf } from "../../local/chance.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

let stack: TestStack;
afterEach(() => stack.stop());

type End = "built" | "failed" | "cancelled";
const ENDS: End[] = ["built", "failed", "cancelled"];

/** How each build is to end, and how often its host is killed: five times in all, or fifty. */
const BUILDS: { end: End; kills: number }[] =
  process.env.FAULTS === "all"
    ? Array.from({ length: 10 }, (_, index) => ({ end: ENDS[index % ENDS.length] ?? "built", kills: 5 }))
    : [
        { end: "built", kills: 2 },
        { end: "failed", kills: 2 },
        { end: "cancelled", kills: 1 },
      ];

/** Real milliseconds between two kills: half an hour of the local clock takes under eight seconds, a clean-up one or two. */
const APART: Record<End, number> = { built: 2500, failed: 2000, cancelled: 600 };

async function killAtRandom(chance: Chance, kills: number, apart: number): Promise<void> {
  for (let kill = 0; kill < kills; kill++) {
    await sleep(chance.whole(0, apart));
    await stack.crashAndRestart();
  }
}

describe("a host that is killed with SIGKILL at random moments of a build", () => {
  it.each(BUILDS.map((build, index) => ({ ...build, number: index + 1 })))(
    `leads it to its end all the same, once, and leaves nothing behind: $kills kills, build $number of ${BUILDS.length}, $end`,
    async ({ end, kills, number }) => {
      const chance = chanceOf(number, "kills");
      stack = await TestStack.start();
      if (end === "failed") await stack.control("POST", "faults", { scenario: "customizer-fails", customizer: "helm" });
      const id = await stack.startBuild();
      if (end === "cancelled") {
        await sleep(chance.whole(0, 2000));
        const asJson = { headers: { "Content-Type": "application/json" }, body: "{}" };
        const answer = await stack.request(`/api/builds/${id}/cancel`, { method: "POST", ...asJson });
        expect(answer.status).toBe(202);
      }
      await killAtRandom(chance, kills, APART[end]);

      const receipt = await stack.receiptOf(id);
      expect(receipt).toMatchObject({ outcome: { kind: end }, cleanUp: { kind: "clean" } });
      const { imageVersions = [] } = receipt.outcome as { imageVersions?: string[] };
      // A run that had got as far as distributing when it was cancelled has made its image, and the receipt says so.
      expect(await stack.traces()).toEqual({ ...NOTHING, versions: imageVersions.length });
      if (end !== "cancelled") expect(imageVersions).toHaveLength(end === "built" ? 1 : 0);
      const runs = (await stack.requests()).filter(({ method, path }) => method === "POST" && /\/run(\?|$)/.test(path));
      // What is cancelled may not have got that far.
      expect(runs.length).toBeLessThanOrEqual(1);
      if (end !== "cancelled") {
        expect(runs).toHaveLength(1);
        expect(receipt.log.kind).toBe("archived");
      }
    },
  );
});
