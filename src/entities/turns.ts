import {
  admitted,
  ahead,
  fullLimit,
  type Limit,
  type Limits,
  queued,
  type Turn,
  type Turns,
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

/** `ahead` counts the builds that wait and are before it; `waitsFor` is the limit that is reached; a build waits no longer than `mostHours`. */
export type Asked = { kind: "turn" } | { kind: "waits"; ahead: number; waitsFor: Limit; mostHours: number };

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
      const waitsFor = state.waiting.some(({ buildId }) => buildId === turn.buildId)
        ? fullLimit(state.running, turn, limits)
        : undefined;
      return waitsFor ? { kind: "waits", ahead: ahead(state, turn.buildId), waitsFor, mostHours } : { kind: "turn" };
    },

    /** @returns the builds whose turn has come by it. */
    async giveBack(state: Turns, { buildIds }: { buildIds: string[] }): Promise<{ next: string[] }> {
      return { next: change(state, withoutBuilds(state, buildIds)) };
    },
  };
}
