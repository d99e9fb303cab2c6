import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { chanceOf } from "../../local/chance.ts";
import { durable, shown, startInstance } from "../support/hostClient.ts";
import { ended, place } from "../support/hostPlace.ts";

const KILLS = 50;

test(`killed at ${KILLS} random moments, everything ends as without`, { timeout: 180_000 }, async () => {
  const work: [name: string, input: unknown][] = [
    ["inSlowSteps", { names: Array.from({ length: 120 }, (_, at) => `step ${at}`), milliseconds: 1_000 }],
    ["rounds", { round: 1, last: 40 }],
    ["parent", { child: "inSlowSteps", input: { names: ["x", "y", "z"], milliseconds: 2_000 }, ownId: true }],
    ["waits", { milliseconds: 300_000 }],
    ["ordersEntities", Array.from({ length: 100 }, (_, at) => ({ key: "one", operation: "note", input: `${at}` }))],
  ];
  const run = async (kills: number) => {
    const { start } = place();
    let host = await start("--redelivery", "5");
    for (const [name, input] of work) await startInstance(host, name, name, input);
    for (let count = 0; count < kills; count++) {
      await sleep(moments[count]);
      const isLast = count === kills - 1;
      // Kills of a host that has nothing to do would show nothing.
      if (isLast) expect((await shown(host, "inSlowSteps")).runtimeStatus).toBe("Running");
      await host.kill();
      host = await start("--redelivery", "5");
    }
    const ends = await Promise.all(work.map(async ([name]) => (await ended(host, name)).output));
    return [...ends, (await durable(host, "GET", "/entities/account/one")).body];
  };
  const chance = chanceOf("moments", "kills");
  const moments = Array.from({ length: KILLS }, () => chance.whole(0, 89));
  expect(await run(KILLS)).toEqual(await run(0));
});
