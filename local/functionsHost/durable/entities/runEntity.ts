import type { Step } from "../runOrchestration.ts";
import { openEntityBatch } from "./entityBatch.ts";
import { entityChange } from "./entityChange.ts";

/** Has an entity perform all the operations that wait for it, in one batch, and records what came of them. */
export async function runEntity(instanceId: string, step: Step): Promise<void> {
  const { store, world, functions, log } = step;
  const inbox = store.hub.inboxes.get(instanceId) ?? [];
  if (inbox.length === 0) return;
  const entity = store.hub.instances.get(instanceId);
  const batch = openEntityBatch(instanceId, entity, inbox);
  const isKnown = world.knows("entity", batch.self.name);
  if (!isKnown) log(`The app has no entity function '${batch.self.name}': what was sent to it is dropped.`);
  if (!isKnown || batch.requests.length === 0) {
    return store.commit({ kind: "messagesDropped", instanceId, messageIds: batch.taken });
  }
  const answer = await functions.callEntity(batch);
  if (step.isClosed()) return;
  // Purged meanwhile: the next operation finds no state.
  if (entity && store.hub.instances.get(instanceId)?.executionId !== entity.executionId) return;
  return store.commit(entityChange(batch, answer, world));
}
