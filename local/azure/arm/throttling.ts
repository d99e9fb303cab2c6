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
  scope: "subscription" | "tenant";
  own: number;
  global: number;
  /** Seconds until the next call is let through; 0 where this one was. */
  waitSeconds: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Counts calls against the buckets of the subscription, and of the tenant. Kept in memory only: a restart fills them. */
export class Throttling {
  readonly #buckets = new Map<string, Bucket>();

  /** Draws a token from the principal's bucket and, where that has one, from the one that all share. */
  draw(method: string, principalId: string, scope: "subscription" | "tenant", now: number): Remaining {
    const kind: Kind = method === "GET" || method === "HEAD" ? "reads" : method === "DELETE" ? "deletes" : "writes";
    const own = this.#drawFrom(`${scope} ${kind} ${principalId}`, kind, 1, now);
    const shared = this.#drawFrom(`${scope} ${kind}`, kind, GLOBAL, now, own.drawn ? 1 : 0);
    return {
      kind,
      scope,
      own: Math.max(0, Math.floor(own.tokens)),
      global: Math.max(0, Math.floor(shared.tokens)),
      waitSeconds: own.drawn && shared.drawn ? 0 : Math.ceil(1 / BUCKETS[kind].refill),
    };
  }

  clear(): void {
    this.#buckets.clear();
  }

  #drawFrom(name: string, kind: Kind, factor: number, now: number, wanted = 1): { tokens: number; drawn: boolean } {
    const { size, refill } = BUCKETS[kind];
    const before = this.#buckets.get(name) ?? { tokens: size * factor, at: now };
    const filled = before.tokens + (Math.max(0, now - before.at) / 1000) * refill * factor;
    const tokens = Math.min(size * factor, filled);
    const drawn = tokens >= wanted;
    const left = drawn ? tokens - wanted : tokens;
    this.#buckets.set(name, { tokens: left, at: now });
    return { tokens: left, drawn };
  }
}
