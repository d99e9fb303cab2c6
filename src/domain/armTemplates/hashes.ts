import { v5 as uuidv5 } from "uuid";

/** Of the name-based UUIDs that `guid` makes. */
const GUIDS = "11fb06fb-712d-4ddd-98c7-e71bbd588830";
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** ARM's `guid`: the same for the same texts. */
export function guid(texts: readonly string[]): string {
  return uuidv5(texts.join("-"), GUIDS);
}

/** ARM's `uniqueString`: 13 letters and digits of a 64-bit Murmur hash of its own make. */
export function uniqueString(texts: readonly string[]): string {
  let left = murmur(new TextEncoder().encode(texts.join("-")));
  let text = "";
  for (let index = 0; index < 13; index++) {
    text += LETTERS[Number(left >> 59n)];
    left = BigInt.asUintN(64, left << 5n);
  }
  return text;
}

const rotated = (value: number, by: number) => (value << by) | (value >>> (32 - by));
const [C1, C2] = [0x239b961b, 0xab0e9789];

const first = (k: number) => Math.imul(rotated(Math.imul(k, C1), 15), C2);
const second = (k: number) => Math.imul(rotated(Math.imul(k, C2), 17), C1);

/** Two lanes of 32 bits, each block of eight bytes feeding both. */
function murmur(bytes: Uint8Array): bigint {
  const { length } = bytes;
  let one = 0;
  let two = 0;
  const word = (from: number) => {
    let value = 0;
    for (let index = 3; index >= 0; index--) value = (value << 8) | (bytes[from + index] ?? 0);
    return value;
  };
  let at = 0;
  for (; at + 7 < length; at += 8) {
    one = (Math.imul(rotated(one ^ first(word(at)), 19) + two, 5) + 0x561ccd1b) | 0;
    two = (Math.imul(rotated(two ^ second(word(at + 4)), 13) + one, 5) + 0x0bcaa747) | 0;
  }
  // What is left of a block; absent bytes are zero, and a zero word changes nothing.
  if (length > at + 4) two ^= second(word(at + 4));
  if (length > at) one ^= first(word(at));

  one ^= length;
  two ^= length;
  one = (one + two) | 0;
  two = (two + one) | 0;
  one = mixed(one);
  two = mixed(two);
  one = (one + two) | 0;
  two = (two + one) | 0;
  return (BigInt(two >>> 0) << 32n) | BigInt(one >>> 0);
}

function mixed(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
