import { SECRET_SHAPES } from "./secretShapes.ts";
import { KEY_MARK } from "./privateKeys.ts";

/** Longer lines are redacted in pieces of about that many characters, so that a log without line ends needs no more. */
export const LONGEST_PIECE = 256 * 1024;

/** What is seen of a line before it is cut: what comes after the cut tells whether it would go through a secret. */
const WINDOW = LONGEST_PIECE + 64 * 1024;

/**
 * Cuts a text into whole lines, and long lines into pieces. Where a line is cut depends on it alone and not on the
 * chunks in which it comes. A cut goes through nothing that looks like a secret; a secret that is longer than a piece
 * takes the rest of its line along.
 */
export class LineCutter {
  #rest = "";
  #isSkipping = false;

  /** @returns what is complete, in order: one or several lines, or a piece of one. */
  *add(text: string): Generator<string> {
    this.#rest += text;
    // A line that is not over is not searched again with each chunk.
    if (!text.includes("\n") && this.#rest.length <= WINDOW) return;
    const end = this.#rest.lastIndexOf("\n") + 1;
    const lines = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    if (lines.length <= WINDOW && !this.#isSkipping) yield lines;
    // Without a line's end what is skipped goes on.
    else if (lines) for (const line of lines.split(/(?<=\n)/)) yield* this.#end(line);
    this.#rest = yield* this.#cut(this.#rest);
  }

  /** The last line, which has no end. */
  *finish(): Generator<string> {
    yield* this.#end(this.#rest);
  }

  *#end(line: string): Generator<string> {
    const last = yield* this.#cut(line);
    yield this.#isSkipping ? lineEndOf(last) : last;
    this.#isSkipping = false;
  }

  /** @returns what is left of the line once it fits into the window. */
  *#cut(line: string): Generator<string, string> {
    let at = 0;
    while (line.length - at > WINDOW) {
      const window = line.slice(at, at + WINDOW);
      const length = this.#isSkipping ? 0 : cutOf(window);
      if (!this.#isSkipping) yield window.slice(0, length || undefined);
      this.#isSkipping = length === 0;
      at += length || WINDOW;
    }
    return line.slice(at);
  }
}

export function lineEndOf(line: string): string {
  return /\r?\n$/.exec(line)?.[0] ?? "";
}

/** Where to cut; 0 where there is no place. */
function cutOf(window: string): number {
  const patterns = [KEY_MARK, ...SECRET_SHAPES.map(([pattern]) => pattern)];
  const found = patterns.flatMap((pattern) => [...window.matchAll(pattern)]);
  const cut = found
    .toSorted((one, other) => other.index - one.index)
    .reduce((at, { 0: { length }, index }) => (index < at && at < index + length ? index : at), LONGEST_PIECE);
  // The two halves of a character stay together.
  return /[\uD800-\uDBFF]/.test(window.charAt(cut - 1)) ? cut - 1 : cut;
}
