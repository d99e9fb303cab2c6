import { v5 } from "uuid";
import { type EntityRequest, requestText } from "../entities/entityMessages.ts";
import { NEVER, type Ticks, ticksOf, ticksText } from "../entities/netTime.ts";

/** The namespace of the GUIDs that the extension derives in an orchestration. */
const NAMESPACE = "9e952958-5e33-4daf-827f-2fa12937b875";

export interface Asked {
  /** The event that will bring the answer. */
  answerName: string;
  /** JSON text. */
  message: string;
}

/** Numbers what one execution asks of entities; a replay must come to the same ids. */
export class EntityRequests {
  readonly #parent: string;
  readonly #parentExecution: string;
  readonly #lastSent = new Map<string, Ticks>();
  #count = 0;

  constructor(parent: string, parentExecution: string) {
    this.#parent = parent;
    this.#parentExecution = parentExecution;
  }

  /** @param now milliseconds since 1970 of the batch. @param input JSON text. */
  next(
    entity: string,
    { op, input, isSignal }: { op: string; input: string | null; isSignal: boolean },
    now: number,
  ): Asked {
    const id = v5(`${this.#parent}_${new Date(now).toISOString()}_${this.#count++}`, NAMESPACE);
    const last = this.#lastSent.get(entity);
    let timestamp = ticksOf(now);
    // Two of one batch have the same time: the later one must be later.
    if (last !== undefined && timestamp <= last) timestamp = last + 1n;
    this.#lastSent.set(entity, timestamp);
    const request: EntityRequest = {
      op,
      ...(isSignal ? { signal: true } : {}),
      ...(input === null ? {} : { input }),
      id,
      parent: this.#parent,
      parentExecution: this.#parentExecution,
      Timestamp: ticksText(timestamp),
      Predecessor: last === undefined ? NEVER : ticksText(last),
    };
    return { answerName: id, message: requestText(request) };
  }
}
