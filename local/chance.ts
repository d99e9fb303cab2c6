import { createHash } from "node:crypto";

/** Decisions that look like chance and are the same for the same seed. */
export interface Chance {
  /** From 0 up to, not including, 1. */
  number(): number;
  /** A whole number from `from` up to and including `to`. */
  whole(from: number, to: number): number;
  /** True so often. @param probability from 0 to 1. */
  happens(probability: number): boolean;
  /** One of them; there must be one. */
  oneOf<T>(choices: readonly T[]): T;
  /** 32 hex digits. */
  id(): string;
}

/**
 * Mulberry32: small, fast, and good enough to choose by.
 *
 * @param seed any text or number. @param purpose so that one use does not shift another's.
 */
export function chanceOf(seed: string | number, purpose: string): Chance {
  let state = createHash("sha256").update(`${seed} ${purpose}`).digest().readUInt32LE(0);
  const bits = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const number = () => bits() / 2 ** 32;
  const hex = () => bits().toString(16).padStart(8, "0");
  return {
    number,
    whole: (from, to) => from + Math.floor(number() * (to - from + 1)),
    happens: (probability) => number() < probability,
    oneOf: (choices) => choices[Math.floor(number() * choices.length)] as (typeof choices)[number],
    id: () => hex() + hex() + hex() + hex(),
  };
}
