import {
  admitted,
  ahead,
  type Limit,
  type Limits,
  queued,
  type Turn,
  type Turns,
  waitsFor,
  withoutBuilds,
} from "../domain/turns.ts";
import type { Entity } from "../durable/entities.ts";

export type TurnsEntity = Entity<Turns, ReturnType<typeof operationsOf>>;

export const TURNS = "turns";
/** There is one queue. */
export const ALL = "all";

/** Bounds how many builds run at once, and hands out turns fairly. */
export function turnsEntity(limits: Limits, mostHours: number): TurnsEntity {
  return {
    name: TURNS,
    initially: async () => ({ running: [], waiting: [] }),
    operations: operationsOf(limits, mostHours),
  };
}

/**
 * It is a build's turn where there is nobody ahead and nothing to wait for. Else `ahead` counts those that wait and are
 * before it, `waitsFor` is the limit that is reached, and it waits no longer than `mostHours`. In histories of before
 * there is `ahead` alone, and counts the build as well.
 */
export interface Asked {
  ahead: number;
  waitsFor?: Limit;
  mostHours?: number;
}

function operationsOf(limits: Limits, mostHours: number) {
  /** @returns the builds that have just got their turn. */
  function change(state: Turns, changed: Turns): string[] {
    const { turns, admitted: next } = admitted(changed, limits);
    Object.assign(state, turns);
    return next.map(({ buildId }) => buildId);
  }
  return {
    /** Asks for a turn, or whether it has come. */
    async ask(state: Turns, turn: Turn): Promise<Asked> {
      change(state, queued(state, turn));
      const full = waitsFor(state, turn.buildId, limits);
      return full ? { ahead: ahead(state, turn.buildId), waitsFor: full, mostHours } : { ahead: 0 };
    },

    /** @returns the builds whose turn has come by it. */
    async giveBack(state: Turns, { buildIds }: { buildIds: string[] }): Promise<{ next: string[] }> {
      return { next: change(state, withoutBuilds(state, buildIds)) };
    },
  };
}
