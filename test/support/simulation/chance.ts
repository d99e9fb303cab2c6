/** Every choice of a simulation comes from here, so that the same seed gives the same run. */
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

export interface Chance {
  /** From 0 up to, not including, 1. */
  number(): number;
  /** A whole number from `from` up to and including `to`. */
  whole(from: number, to: number): number;
  /** True so often. */
  happens(probability: number): boolean;
  /** One of them; there must be one. */
  oneOf<T>(choices: readonly T[]): T;
}

/** Mulberry32: small, fast, and good enough to choose by. @param purpose so that one use does not shift another's. */
export function chanceOf(seed: number, purpose: string): Chance {
  let state = crypto.createHash("sha256").update(`${seed} ${purpose}`).digest().readUInt32LE(0);
  const number = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    number,
    whole: (from, to) => from + Math.floor(number() * (to - from + 1)),
    happens: (probability) => number() < probability,
    oneOf: (choices) => choices[Math.floor(number() * choices.length)] as (typeof choices)[number],
  };
}

/** 32 hexadecimal digits. */
export function hexId(chance: Chance): string {
  return Array.from({ length: 32 }, () => chance.whole(0, 15).toString(16)).join("");
}

/**
 * Lets the process's own sources of randomness draw from a seed: the SDKs jitter their pauses and name their requests by
 * them. @returns puts the originals back.
 */
export function installChance(chance: Chance): () => void {
  const originals = { random: Math.random, randomUUID: crypto.randomUUID, randomBytes: crypto.randomBytes };
  const web = { randomUUID: globalThis.crypto.randomUUID, getRandomValues: globalThis.crypto.getRandomValues };
  const uuid = () => hexId(chance).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
  const fill = <T extends ArrayBufferView | null>(view: T): T => {
    if (view) {
      const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      for (let at = 0; at < bytes.length; at++) bytes[at] = chance.whole(0, 255);
    }
    return view;
  };
  Object.assign(Math, { random: () => chance.number() });
  Object.assign(crypto, { randomUUID: uuid, randomBytes: (size: number) => fill(Buffer.alloc(size)) });
  Object.assign(globalThis.crypto, { randomUUID: uuid, getRandomValues: fill });
  syncBuiltinESMExports();
  return () => {
    Object.assign(Math, { random: originals.random });
    Object.assign(crypto, { randomUUID: originals.randomUUID, randomBytes: originals.randomBytes });
    Object.assign(globalThis.crypto, web);
    syncBuiltinESMExports();
  };
}
