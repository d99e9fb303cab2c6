import { closestMatch } from "leven";

/** Longer ones are no slips of the pen. */
const LONGEST_WORD = 40;

/** @returns the valid word that was probably meant: one that differs in case or hyphens only, else in a few letters. */
export function nearestWord(word: string, valid: readonly string[]): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const plain = plainOf(word);
  const maxDistance = Math.max(1, Math.floor(plain.length / 3));
  const nearest = closestMatch(plain, valid.map(plainOf), { maxDistance });
  return valid.find((one) => plainOf(one) === nearest);
}

function plainOf(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, "");
}
