import { hash } from "node:crypto";

/** Decisions that look like chance and are the same for the same seed. */
export interface Chance {
  /** 32 hex digits. */
  id(): string;
  /** @param probability from 0 to 1. */
  happens(probability: number): boolean;
}

/** @param seed any text or number. @param purpose keeps what is decided here apart from what is decided elsewhere. */
export function seededChance(seed: string | number, purpose: string): Chance {
  let count = 0;
  const next = () => hash("sha256", `${seed}/${purpose}/${count++}`, "buffer");
  return {
    id: () => next().toString("hex", 0, 16),
    happens: (probability) => next().readUInt32BE(0) / 2 ** 32 < probability,
  };
}
