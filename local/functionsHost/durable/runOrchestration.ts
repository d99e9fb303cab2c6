import { advance } from "./advance.ts";
import type { DurableFunctions } from "./dispatcher.ts";
import type { HubStore } from "./hubStore.ts";
import { openWorkItem, type WorkItemWorld } from "./workItem.ts";

/** What the step of an instance needs. */
export interface Step {
  store: HubStore;
  world: WorkItemWorld;
  functions: DurableFunctions;
  log: (line: string) => void;
  /** Nothing is recorded any more. */
  isClosed: () => boolean;
}

/** Shows an orchestration the messages that wait for it, and records what follows. */
export async function runOrchestration(instanceId: string, step: Step): Promise<void> {
  const { store, world, functions } = step;
  const inbox = store.hub.inboxes.get(instanceId) ?? [];
  if (inbox.length === 0) return;
  const instance = store.hub.instances.get(instanceId);
  const opened = openWorkItem(instance, inbox, world);
  if (opened.kind === "dropped") {
    const messageIds = inbox.map((message) => message.messageId);
    return store.commit({ kind: "messagesDropped", instanceId, messageIds });
  }
  let { item } = opened;
  for (;;) {
    const answer = await functions.callOrchestrator(item);
    if (step.isClosed()) return;
    const advanced = advance(item, answer, world);
    if (advanced.kind === "completed") {
      // Purged meanwhile, and perhaps begun anew: what was done here is nobody's any more.
      if (instance && store.hub.instances.get(instanceId)?.executionId !== instance.executionId) return;
      return store.commit(advanced.change);
    }
    item = advanced.item;
  }
}
