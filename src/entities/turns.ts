import { admitted, queued, type Turn, type Turns, withoutBuilds } from "../domain/turns.ts";
import type { Entity } from "../durable/entities.ts";

export type TurnsEntity = Entity<Turns, ReturnType<typeof operationsOf>>;

export const TURNS = "turns";
/** There is one queue. */
export const ALL = "all";

/** Bounds how many builds run at once, and hands out turns in the order in which they were asked for. */
export function turnsEntity(concurrentBuilds: number): TurnsEntity {
  return {
    name: TURNS,
    initially: async () => ({ running: [], waiting: [] }),
    operations: operationsOf(concurrentBuilds),
  };
}

function operationsOf(concurrentBuilds: number) {
  /** @returns the builds that have just got their turn. */
  function change(state: Turns, changed: Turns): string[] {
    const { turns, admitted: next } = admitted(changed, concurrentBuilds);
    Object.assign(state, turns);
    return next.map(({ buildId }) => buildId);
  }
  return {
    /** Asks for a turn, or whether it has come. @returns how many are before it; 0 where it is this build's turn. */
    async ask(state: Turns, turn: Turn): Promise<{ ahead: number }> {
      change(state, queued(state, turn));
      return { ahead: state.waiting.findIndex(({ buildId }) => buildId === turn.buildId) + 1 };
    },

    /** @returns the builds whose turn has come by it. */
    async giveBack(state: Turns, { buildIds }: { buildIds: string[] }): Promise<{ next: string[] }> {
      return { next: change(state, withoutBuilds(state, buildIds)) };
    },
  };
}
