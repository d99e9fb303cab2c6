import { createHmac } from "node:crypto";

/** What a key is written like: its bytes in base64, 24 to 64 of them, as Standard Webhooks has it. */
export const SECRET = /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/;

/** A key's bytes. @param secret `whsec_…` */
export function keyBytes(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ""), "base64");
}

/**
 * The headers of Standard Webhooks for one attempt to deliver a message: the body is signed as it is sent, with its id
 * and the time of the attempt, by each of the keys. While keys are changed there are two, and each receiver finds the
 * signature of the one that it knows.
 *
 * @param secrets `whsec_…`
 */
export function signedHeaders(
  { id, body }: { id: string; body: string },
  secrets: readonly string[],
  at: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signatures = secrets.map((secret) => {
    return `v1,${createHmac("sha256", keyBytes(secret)).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
