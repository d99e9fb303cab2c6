import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The key pair that access tokens are signed with. */
export interface SigningKey {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** By what tokens name the key. */
export const KEY_ID = "local";

/** One key a state folder, so that tokens outlive a restart; without a folder, a fresh one. */
export function signingKey(stateFolder?: string): SigningKey {
  const file = stateFolder && join(stateFolder, "token-signing-key.pem");
  if (file && existsSync(file)) return pairOf(createPrivateKey(readFileSync(file)));
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  if (file) writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
  return pairOf(privateKey);
}

const pairOf = (privateKey: KeyObject): SigningKey => ({ privateKey, publicKey: createPublicKey(privateKey) });
