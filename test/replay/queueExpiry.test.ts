import { expect, it } from "vitest";
import type { Receipt } from "../../src/domain/receipt.ts";
import { TURNS, turnsEntity } from "../../src/entities/turns.ts";
import { CANCEL } from "../../src/orchestrators/cancellation.ts";
import { fakeService, functionsOf } from "../support/fakeService.ts";
import { runOrchestration } from "../support/orchestration.ts";
import { request, samplePlan } from "../support/plan.ts";

const LIMITS = { image: 1, identity: 20, region: 20, subscription: 20 };
const HOURS = 2;
const { image, place } = samplePlan();

/** A queue in which another build of the image has the turn, and never ends. */
function queueBehindAnother() {
  const { entities, ...others } = functionsOf(fakeService());
  const running = [{ buildId: "another", image, place }];
  const queue = { ...turnsEntity(LIMITS, HOURS), initially: async () => ({ running, waiting: [] }) };
  return { ...others, entities: [...entities.filter(({ name }) => name !== TURNS), queue] };
}

it("fails a build that does not get its turn in time, makes nothing for it, and takes it out of the queue", async () => {
  const ran = await runOrchestration(queueBehindAnother(), { instanceId: request.buildId, input: request });
  const receipt = ran.output as Receipt;
  expect(receipt.outcome).toMatchObject({ kind: "failed", failure: { code: "queue-expired" } });
  expect(receipt.outcome).toHaveProperty("failure.message", expect.stringContaining("the limit of its image"));
  expect(receipt.cleanUp).toEqual({ kind: "clean" });
  expect(ran.seconds).toBeGreaterThanOrEqual(HOURS * 3600);
  const names = ran.calls.map(({ name }) => name);
  expect(names).not.toContain("lease.join");
  expect(names).not.toContain("createTemplate");
  expect(ran.calls).toContainEqual({ name: "turns.giveBack", input: { buildIds: [request.buildId] } });
});

it("tells meanwhile how many are before it and what it waits for", async () => {
  const cancel = { afterSeconds: 3600, name: CANCEL, data: {} };
  const ran = await runOrchestration(queueBehindAnother(), { instanceId: request.buildId, input: request }, cancel);
  expect(ran.output).toMatchObject({ outcome: { kind: "cancelled" } });
  const told = ran.instances.get(`${request.buildId}-turn`)?.customStatus ?? "null";
  expect(JSON.parse(told)).toEqual({ ahead: 0, waitsFor: "image" });
});
