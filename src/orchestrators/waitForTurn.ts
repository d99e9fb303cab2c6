import type { Turn } from "../domain/turns.ts";
import { entityOf } from "../durable/entities.ts";
import { interruption } from "../durable/interruption.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { startAnew } from "../durable/time.ts";
import { WAKE, type Wake } from "../durable/wake.ts";
import { ALL, TURNS, type TurnsEntity } from "../entities/turns.ts";
import { LOOKS_A_GENERATION, USUAL } from "./patience.ts";

/** Seconds between two questions; whoever gives a turn back wakes the next, so this is for wake-ups that got lost. */
const ASK_AGAIN_SECONDS = 300;

/** Waits for a build's turn, however long; the turn stays this build's until it is given back. */
export const waitForTurn: Orchestrator<Turn, "turn" | "stopped"> = {
  name: "waitForTurn",
  *body(context, turn) {
    const turns = entityOf<TurnsEntity>(context, TURNS, ALL, USUAL);
    let woken = interruption<Wake>(context, WAKE);
    for (let look = 0; look < LOOKS_A_GENERATION; look++) {
      const asked = yield* turns.ask(turn);
      if (asked.kind === "turn") return "turn";
      context.df.setCustomStatus({ ahead: asked.ahead, waitsFor: asked.waitsFor });
      if (yield* woken.pause(ASK_AGAIN_SECONDS)) continue;
      if (woken.told?.stop) return "stopped";
      woken = interruption<Wake>(context, WAKE);
    }
    return startAnew(context, turn);
  },
};
