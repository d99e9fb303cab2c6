import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import type { Chance } from "../../../local/chance.ts";

/**
 * Lets the process's own sources of randomness draw from a seed: the SDKs jitter their pauses and name their requests by
 * them. @returns puts the originals back.
 */
export function installChance(chance: Chance): () => void {
  const originals = { random: Math.random, randomUUID: crypto.randomUUID, randomBytes: crypto.randomBytes };
  const web = { randomUUID: globalThis.crypto.randomUUID, getRandomValues: globalThis.crypto.getRandomValues };
  const uuid = () => chance.id().replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
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
