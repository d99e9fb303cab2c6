import { createHash } from "node:crypto";
import type { Range } from "../settings.ts";

/**
 * Every choice of the stand-in, from one seed. A choice depends on what it is for, not on how many were made before,
 * so that requests which overtake each other do not change the outcome.
 */
export interface Random {
  /** From 0 up to 1. */
  fraction(...purpose: (string | number)[]): number;
  /** Milliseconds, in a range of seconds. */
  milliseconds(range: Range, ...purpose: (string | number)[]): number;
  guid(...purpose: (string | number)[]): string;
  /** Lower-case letters and digits. */
  letters(length: number, ...purpose: (string | number)[]): string;
  bytes(length: number, ...purpose: (string | number)[]): Buffer;
}

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

export function seededRandom(seed: number): Random {
  const block = (purpose: (string | number)[], counter: number) =>
    createHash("sha256")
      .update(JSON.stringify([seed, counter, ...purpose]))
      .digest();

  function bytes(length: number, ...purpose: (string | number)[]): Buffer {
    const blocks: Buffer[] = [];
    for (let counter = 0; counter * 32 < length; counter++) blocks.push(block(purpose, counter));
    return Buffer.concat(blocks).subarray(0, length);
  }

  const fraction = (...purpose: (string | number)[]) => bytes(6, ...purpose).readUIntBE(0, 6) / 2 ** 48;

  return {
    bytes,
    fraction,
    milliseconds: ({ min, max }, ...purpose) => Math.round((min + (max - min) * fraction(...purpose)) * 1000),
    guid(...purpose) {
      const raw = bytes(16, ...purpose);
      raw[6] = (raw.readUInt8(6) & 0x0f) | 0x40;
      raw[8] = (raw.readUInt8(8) & 0x3f) | 0x80;
      return raw.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    },
    letters: (length, ...purpose) =>
      Array.from(bytes(length, ...purpose), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join(""),
  };
}
