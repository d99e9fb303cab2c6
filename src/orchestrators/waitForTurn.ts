import type { Limit, Turn } from "../domain/turns.ts";
import { entityOf } from "../durable/entities.ts";
import { interruption } from "../durable/interruption.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { now, secondsSince, startAnew } from "../durable/time.ts";
import { WAKE, type Wake } from "../durable/wake.ts";
import { ALL, TURNS, type TurnsEntity } from "../entities/turns.ts";
import { LOOKS_A_GENERATION, USUAL } from "./patience.ts";

/** Seconds between two questions; whoever gives a turn back wakes the next, so this is for wake-ups that got lost. */
const ASK_AGAIN_SECONDS = 300;

/** How a wait ended; `ahead` and `waitsFor` as they were last. */
export type Waited = { kind: "turn" | "stopped" } | { kind: "expired"; hours: number; ahead: number; waitsFor: Limit };

/** Waits for a build's turn, as long as the queue lets it; the turn stays this build's until it is given back. */
export const waitForTurn: Orchestrator<{ turn: Turn; since?: string }, Waited> = {
  name: "waitForTurn",
  *body(context, { turn, since = now(context).toISOString() }) {
    const turns = entityOf<TurnsEntity>(context, TURNS, ALL, USUAL);
    let woken = interruption<Wake>(context, WAKE);
    for (let look = 0; look < LOOKS_A_GENERATION; look++) {
      const asked = yield* turns.ask(turn);
      if (asked.kind === "turn") return { kind: "turn" };
      const { ahead, waitsFor, mostHours } = asked;
      const left = mostHours * 3600 - secondsSince(context, since);
      if (left <= 0) return { kind: "expired", hours: mostHours, ahead, waitsFor };
      context.df.setCustomStatus({ ahead, waitsFor });
      if (yield* woken.pause(Math.min(ASK_AGAIN_SECONDS, left))) continue;
      if (woken.told?.stop) return { kind: "stopped" };
      woken = interruption<Wake>(context, WAKE);
    }
    return startAnew(context, { turn, since });
  },
};
