import type { Journal } from "../journal/journal.ts";
import { applyChange, emptyTaskHub, type HubChange, type TaskHub } from "./taskHub.ts";

/** The task hub in memory and its journal, which are changed together. */
export class HubStore {
  readonly hub: TaskHub = emptyTaskHub();
  readonly #journal: Journal<HubChange>;
  readonly #listeners = new Set<(change: HubChange) => void>();

  constructor(journal: Journal<HubChange>) {
    this.#journal = journal;
  }

  /** Brings back one recorded change. */
  recover(change: HubChange): void {
    applyChange(this.hub, change);
  }

  /** Told of every change after it was made, before it is safe. @returns ends it. */
  onChange(listener: (change: HubChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when the change is safe; the hub has it at once, so that nobody decides on an older state. */
  async commit(change: HubChange): Promise<void> {
    this.#journal.append(change);
    applyChange(this.hub, change);
    // Those who come while it is told know it already.
    const listeners = [...this.#listeners];
    for (const listener of listeners) listener(change);
    await this.durable();
  }

  /** To be awaited before anything goes out that depends on the hub. */
  durable(): Promise<void> {
    return this.#journal.durable();
  }
}
