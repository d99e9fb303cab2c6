/** ARM's token buckets: size, and tokens a second. */
const BUCKETS = {
  reads: { size: 250, refill: 25 },
  writes: { size: 200, refill: 10 },
  deletes: { size: 200, refill: 10 },
};
/** The buckets that all principals of a subscription share are so much larger. */
const GLOBAL = 15;

type Kind = keyof typeof BUCKETS;

/** What is left in the buckets that a call drew from. */
export interface Remaining {
  kind: Kind;
  subscription: number;
  global: number;
  /** Seconds until the next call is let through; 0 where this one was. */
  waitSeconds: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Counts calls against the buckets of one subscription. Kept in memory only: a restart fills them. */
export class Throttling {
  readonly #buckets = new Map<string, Bucket>();

  /** Draws a token from the principal's bucket and from the subscription's. */
  draw(method: string, principalId: string, now: number): Remaining {
    const kind: Kind = method === "GET" || method === "HEAD" ? "reads" : method === "DELETE" ? "deletes" : "writes";
    const own = this.#drawFrom(`${kind} ${principalId}`, kind, 1, now);
    const shared = this.#drawFrom(kind, kind, GLOBAL, now);
    return {
      kind,
      subscription: Math.max(0, Math.floor(own.tokens)),
      global: Math.max(0, Math.floor(shared.tokens)),
      waitSeconds: own.drawn && shared.drawn ? 0 : Math.ceil(1 / BUCKETS[kind].refill),
    };
  }

  clear(): void {
    this.#buckets.clear();
  }

  #drawFrom(name: string, kind: Kind, factor: number, now: number): { tokens: number; drawn: boolean } {
    const { size, refill } = BUCKETS[kind];
    const before = this.#buckets.get(name) ?? { tokens: size * factor, at: now };
    const filled = before.tokens + (Math.max(0, now - before.at) / 1000) * refill * factor;
    const tokens = Math.min(size * factor, filled);
    const drawn = tokens >= 1;
    this.#buckets.set(name, { tokens: drawn ? tokens - 1 : tokens, at: now });
    return { tokens: drawn ? tokens - 1 : tokens, drawn };
  }
}
