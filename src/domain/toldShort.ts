import { redact } from "./redaction.ts";

/** Characters of a message that are kept: Azure's own take one or two thousand, a gateway's page any number. */
const MOST = 2000;

/** A message of somebody else's as it may go into histories and receipts: without secrets, and bounded. */
export function toldShort(message: string): string {
  const redacted = redact(message);
  return redacted.length <= MOST
    ? redacted
    : `${redacted.slice(0, MOST)} … (${redacted.length - MOST} more characters)`;
}
