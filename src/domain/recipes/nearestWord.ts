import { closestMatch } from "leven";

/** Longer ones are no slips of the pen. */
const LONGEST_WORD = 40;

/** What a kind is called elsewhere; by plain words. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  bash: "Shell",
  bool: "boolean",
  int: "integer",
  marketplace: "PlatformImage",
  number: "integer",
  pwsh: "PowerShell",
  sh: "Shell",
  str: "string",
  text: "string",
};

/**
 * @returns the valid word that was probably meant: one that differs in case or hyphens only, else in a few letters or their order; or
 * what the word means elsewhere.
 */
export function nearestWord(word: string, valid: readonly string[]): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const plain = plainOf(word);
  const elsewhere = Object.hasOwn(ELSEWHERE, plain) ? ELSEWHERE[plain] : undefined;
  if (elsewhere !== undefined && valid.includes(elsewhere)) return elsewhere;
  const maxDistance = Math.max(1, Math.floor(plain.length / 3));
  const nearest = closestMatch(plain, valid.map(plainOf), { maxDistance });
  return valid.find((one) => plainOf(one) === nearest) ?? valid.find((one) => isTangled(plain, plainOf(one)));
}

/** The same letters in another order: two of them swapped count as two slips otherwise. */
function isTangled(one: string, other: string): boolean {
  return lettersOf(one) === lettersOf(other);
}

function lettersOf(word: string): string {
  return word.split("").toSorted().join("");
}

function plainOf(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, "");
}
