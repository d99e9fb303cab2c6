import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { chanceOf } from "../../local/chance.ts";
import { durable, shown, startInstance } from "../support/hostClient.ts";
import { ended, place } from "../support/hostPlace.ts";
import type { HostProcess } from "../support/hostProcess.ts";

const KILLS = process.env.FAULTS === "all" ? 50 : 12;
/** Longest wait before a kill, in milliseconds: the slow steps last longer. */
const LONGEST = 250;

/** @param entity that its orders go to. */
const workFor = (entity: string): [name: string, input: unknown][] => [
  ["inSlowSteps", { names: Array.from({ length: 15 }, (_, at) => `step ${at}`), milliseconds: 1_000 }],
  ["rounds", { round: 1, last: 10 }],
  ["parent", { child: "inSlowSteps", input: { names: ["x", "y", "z"], milliseconds: 2_000 }, ownId: true }],
  ["waits", { milliseconds: 15_000 }],
  ["ordersEntities", Array.from({ length: 20 }, (_, at) => ({ key: entity, operation: "note", input: `${at}` }))],
];

test(`killed at each of ${KILLS} random moments, all work ends as without`, { timeout: 300_000 }, async () => {
  const { start } = place();
  let host = await start("--redelivery", "5");

  const begin = async (round: string) => {
    for (const [name, input] of workFor(round)) await startInstance(host, name, `${name}-${round}`, input);
  };
  const ends = async (round: string) => {
    const states = await Promise.all(workFor(round).map(([name]) => endOf(host, `${name}-${round}`)));
    return [...states, (await durable(host, "GET", `/entities/account/${round}`)).body];
  };

  await begin("undisturbed");
  const undisturbed = await ends("undisturbed");

  const chance = chanceOf("moments", "kills");
  for (let round = 1; round <= KILLS; round++) {
    await begin(`${round}`);
    await sleep(chance.whole(0, LONGEST));
    // A kill of a host that has nothing to do would show nothing.
    expect((await shown(host, `inSlowSteps-${round}`)).runtimeStatus, `before kill ${round}`).not.toBe("Completed");
    await host.kill();
    host = await start("--redelivery", "5");
    expect(await ends(`${round}`), `after kill ${round}`).toEqual(undisturbed);
  }
});

async function endOf(host: HostProcess, id: string): Promise<unknown> {
  const { runtimeStatus, output } = await ended(host, id);
  return { runtimeStatus, output };
}
