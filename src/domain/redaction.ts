import { carriedSecretFilter } from "./carriedSecrets.ts";
import { LineCutter, lineEndOf } from "./longLines.ts";
import { KEY_MARK, privateKeyFilter } from "./privateKeys.ts";
import { SECRET_SHAPES } from "./secretShapes.ts";

/** What has been taken out can leave a new shape; a line that does not come to rest is taken out as a whole. */
const MOST_ROUNDS = 8;

/** @returns the text without what looks like a secret; a redacted text comes back as it is. */
export function redact(text: string): string {
  const redactor = new Redactor();
  return redactor.add(text) + redactor.finish();
}

/** A text, redacted on its way: in whatever chunks it comes, the same comes out. */
export async function* redactLines(source: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const redactor = new Redactor();
  for await (const chunk of source) {
    const redacted = redactor.add(typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
    if (redacted) yield redacted;
  }
  const last = redactor.add(decoder.decode()) + redactor.finish();
  if (last) yield last;
}

class Redactor {
  readonly #cutter = new LineCutter();
  readonly #withoutKeys = privateKeyFilter();
  readonly #withoutSecrets = carriedSecretFilter(redactSecrets);

  /** What a tool of Windows wrote in UTF-16 has a NUL after each letter, and would show nothing of what it says. */
  add(text: string): string {
    return this.#redacted(this.#cutter.add(text.replaceAll("\0", "")));
  }

  finish(): string {
    return this.#redacted(this.#cutter.finish());
  }

  #redacted(pieces: Iterable<string>): string {
    let text = "";
    for (const piece of pieces) text += this.#withoutSecrets(this.#withoutKeys(piece));
    return text;
  }
}

function redactSecrets(text: string): string {
  // The marks of a key stay, whatever stands before them: they tell where it ends.
  return text.split(KEY_MARK).map(redactBetweenMarks).join("");
}

function redactBetweenMarks(text: string): string {
  let redacted = text;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = redacted;
    for (const [pattern, stays] of SECRET_SHAPES) redacted = redacted.replace(pattern, stays);
    if (redacted === before) return redacted;
  }
  const lines = text.split(/(?<=\n)/);
  return lines.length > 1 ? lines.map(redactBetweenMarks).join("") : `[redacted]${lineEndOf(text)}`;
}
