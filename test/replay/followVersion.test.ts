import { expect, it } from "vitest";
import { StepDelayed } from "../../src/domain/failure.ts";
import { following, followingFunctionsOf } from "../support/fakeFollowing.ts";
import { runOrchestration } from "../support/orchestration.ts";

const instance = { instanceId: "follow-one", input: following };

it("a version is looked after until nothing waits for it, not before it has cooled down", async () => {
  const ran = await runOrchestration(followingFunctionsOf(), instance);
  expect(ran).toMatchObject({ status: "Completed", output: "done" });
  const looks = ran.calls.map(({ name, input }) => [name, (input as { at: string }).at]);
  expect(looks.map(([name]) => name)).toEqual(["startFollowers", "startFollowers", "startFollowers"]);
  expect((looks.at(-1)?.[1] ?? "") >= "2026-01-16T02:00:00.000Z").toBe(true);
  expect(ran.seconds).toBeLessThan(24 * 3600 + 60);
});

it("its history stays short, however long a version replicates", async () => {
  let looks = 0;
  const startFollowers = async () => ({ waits: ++looks < 60 });
  const ran = await runOrchestration(followingFunctionsOf({ startFollowers }), instance);
  expect(ran.status).toBe("Completed");
  expect(looks).toBe(60);
  expect(Math.max(...ran.executions.map(({ history }) => history.length))).toBeLessThan(100);
  const since = new Set(ran.calls.map(({ input }) => (input as { since: string }).since));
  expect([...since]).toEqual([following.since]);
});

it("an outage of Azure is waited out", async () => {
  let asked = 0;
  const startFollowers = async () => {
    if (++asked < 4) throw new StepDelayed("ServiceUnavailable", 120);
    return { waits: false };
  };
  const ran = await runOrchestration(followingFunctionsOf({ startFollowers }), instance);
  expect(ran.status).toBe("Completed");
  expect(ran.seconds).toBeGreaterThanOrEqual(3 * 119);
});
