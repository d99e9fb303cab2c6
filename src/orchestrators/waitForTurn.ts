import { advise } from "../domain/advice.ts";
import type { Failure } from "../domain/failure.ts";
import type { Turn } from "../domain/turns.ts";
import { entityOf } from "../durable/entities.ts";
import { interruption } from "../durable/interruption.ts";
import type { Orchestrator } from "../durable/orchestrator.ts";
import { now, secondsSince, startAnew } from "../durable/time.ts";
import { WAKE, type Wake } from "../durable/wake.ts";
import { ALL, TURNS, type TurnsEntity } from "../entities/turns.ts";
import { LOOKS_A_GENERATION, USUAL } from "./patience.ts";

/** Seconds between two questions; whoever gives a turn back wakes the next, so this is for wake-ups that got lost. */
const ASK_AGAIN_SECONDS = 300;

/** Since when the build waits, ISO 8601; one that began to before that was told counts from its next generation. */
export type Wait = Turn & { since?: string };

/** Waits for a build's turn, as long as the queue lets it; the turn stays this build's until it is given back. */
export const waitForTurn: Orchestrator<Wait, "turn" | "stopped" | { failure: Failure }> = {
  name: "waitForTurn",
  *body(context, { since = now(context).toISOString(), ...turn }) {
    const turns = entityOf<TurnsEntity>(context, TURNS, ALL, USUAL);
    let woken = interruption<Wake>(context, WAKE);
    for (let look = 0; look < LOOKS_A_GENERATION; look++) {
      const { ahead, waitsFor, mostHours = Infinity } = yield* turns.ask(turn);
      if (ahead === 0 && !waitsFor) return "turn";
      const left = mostHours * 3600 - secondsSince(context, since);
      if (left <= 0) {
        const why = `${ahead} others were before it, and the limit of its ${waitsFor} was reached`;
        return { failure: advise("queue-expired", `The build did not get its turn in ${mostHours} hours: ${why}.`) };
      }
      if (waitsFor) context.df.setCustomStatus({ ahead, waitsFor });
      if (yield* woken.pause(Math.min(ASK_AGAIN_SECONDS, left))) continue;
      if (woken.told?.stop) return "stopped";
      woken = interruption<Wake>(context, WAKE);
    }
    return startAnew(context, { ...turn, since });
  },
};
