import type { Json } from "../json.ts";
import { TemplateFault } from "./templateFault.ts";

/** Steps of one evaluation: real templates of 20,000 lines take some ten thousand. */
const MOST_STEPS = 500_000;
/** Calls within calls, variables of variables: far below what the stack holds. */
const DEEPEST = 400;
/** Characters of one text: ARM takes 4 MB for a whole template. */
const LONGEST_TEXT = 1_000_000;

/** What one evaluation may cost: a short template can stand for a very long one. */
export class Budget {
  #steps = MOST_STEPS;
  #depth = 0;

  spend(steps = 1): void {
    this.#steps -= steps;
    if (this.#steps < 0)
      throw new TemplateFault("takes more steps to evaluate than any real template does", { isFinal: true });
  }

  /** Counts a text that was made, before it is used further. */
  text(text: string): string {
    if (text.length > LONGEST_TEXT) throw new TemplateFault(`makes a text longer than ${LONGEST_TEXT} characters`);
    this.spend(1 + Math.floor(text.length / 10));
    return text;
  }

  /** Joins texts, unless the whole would be too long: it is not made then. */
  join(texts: readonly string[], separator: string): string {
    const length = texts.reduce((sum, text) => sum + text.length + separator.length, 0);
    if (length > 2 * LONGEST_TEXT) throw new TemplateFault(`makes a text longer than ${LONGEST_TEXT} characters`);
    return this.text(texts.join(separator));
  }

  nested<T>(work: () => T): T {
    if (this.#depth >= DEEPEST) throw new TemplateFault("is nested too deeply to evaluate");
    this.#depth++;
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }

  /** Counts every part of a value: parts may be shared, and a few stand for millions. */
  count(value: Json): void {
    this.spend();
    if (typeof value === "string") this.spend(Math.floor(value.length / 10));
    if (typeof value !== "object" || value === null) return;
    this.nested(() => {
      for (const part of Object.values(value)) this.count(part);
    });
  }
}
