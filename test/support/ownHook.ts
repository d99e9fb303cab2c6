import { createHmac } from "node:crypto";

const KEY = "a text of 24 characters!";

/** Settings of a hook at /api/hooks/own that asks for that image, whatever is in its body. */
export function ownHook(image: string): Record<string, string> {
  const signature = { kind: "hmac-sha256", header: "X-Signature" };
  const hook = { signature, secretNames: ["OWN"], images: ["*"], map: { image: { value: image } } };
  return { GOLDSMITH_HOOKS: JSON.stringify({ own: hook }), GOLDSMITH_HOOK_SECRET_OWN: KEY };
}

/** The header by which that hook knows a body. */
export function signedForOwnHook(body: string): Record<string, string> {
  return { "X-Signature": createHmac("sha256", KEY).update(body).digest("hex") };
}
