import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Hook, HookSignature } from "../domain/hooks/hook.ts";

/** Why it is not known who sends something: for the audit, never for whoever sends it. */
export type Unverified =
  | "hook-signature-missing"
  | "hook-signature-malformed"
  | "hook-signature-wrong"
  | "hook-timestamp-malformed"
  | "hook-timestamp-off"
  | "hook-id-malformed";

export type Verified =
  /** @param id what is the same when the same is sent again. */
  { kind: "verified"; id: string } | { kind: "unverified"; why: Unverified };

/** Of these one is from each key; more are sent by nobody who has one. */
const MOST_SIGNATURES = 10;

/**
 * Whether who sends this has one of the keys: the bytes are held against the signature as they came, and by what is
 * signed with them they are told to be fresh, and known when they come again.
 *
 * @param secrets the keys as bytes.
 */
export function verifiedWebhook(
  { signature, toleranceSeconds }: Pick<Hook, "signature" | "toleranceSeconds">,
  { headers, body }: { headers: Headers; body: Uint8Array },
  secrets: readonly Uint8Array[],
  now: Date,
): Verified {
  const form = formOf(signature);
  const given = headers.get(form.signatureHeader);
  if (given === null) return unverified("hook-signature-missing");
  const signatures = form.read(given);
  if (signatures.length === 0 || signatures.length > MOST_SIGNATURES) return unverified("hook-signature-malformed");

  const timestamp = form.timestampHeader ? (headers.get(form.timestampHeader) ?? "") : undefined;
  if (timestamp !== undefined && !/^\d{1,12}$/.test(timestamp)) return unverified("hook-timestamp-malformed");
  const id = form.idHeader ? (headers.get(form.idHeader) ?? "") : undefined;
  // A dot would shift what is signed as what: the same bytes would be another message.
  if (id !== undefined && !/^(?!.*\.)[!-~]{1,200}$/.test(id)) return unverified("hook-id-malformed");

  const before = [id, timestamp].flatMap((part) => (part === undefined ? [] : `${part}.`)).join("");
  const expected = secrets.map((secret) => createHmac("sha256", secret).update(before).update(body).digest());
  const matches = expected.flatMap((one) => signatures.map((other) => isSame(one, other)));
  if (!matches.includes(true)) return unverified("hook-signature-wrong");
  if (timestamp !== undefined && Math.abs(now.getTime() / 1000 - Number(timestamp)) > toleranceSeconds) {
    return unverified("hook-timestamp-off");
  }
  // Where no id is signed, the same bytes are the same message.
  return { kind: "verified", id: id ?? createHash("sha256").update(body).digest("hex") };
}

const unverified = (why: Unverified): Verified => ({ kind: "unverified", why });

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

interface Form {
  signatureHeader: string;
  timestampHeader?: string | undefined;
  idHeader?: string | undefined;
  /** The signatures in a header; none where it is not of the form. */
  read: (header: string) => Uint8Array[];
}

function formOf(signature: HookSignature): Form {
  if (signature.kind === "standard-webhooks") {
    return {
      signatureHeader: "webhook-signature",
      timestampHeader: "webhook-timestamp",
      idHeader: "webhook-id",
      // Of other versions than this one nothing is known.
      read: (text) =>
        text
          .split(" ", MOST_SIGNATURES + 1)
          .flatMap((one) => (one.startsWith("v1,") ? bytesOf(one.slice(3), "base64") : [])),
    };
  }
  const { header, prefix, encoding, timestampHeader, idHeader } = signature;
  return {
    signatureHeader: header,
    timestampHeader,
    idHeader,
    read: (text) => (text.startsWith(prefix) ? bytesOf(text.slice(prefix.length), encoding) : []),
  };
}

/** The 32 bytes of an HMAC; none where the text is something else. */
function bytesOf(text: string, encoding: "hex" | "base64"): Uint8Array[] {
  const isWritten = encoding === "hex" ? /^[0-9a-f]{64}$/i.test(text) : /^[A-Za-z0-9+/]{43}=$/.test(text);
  return isWritten ? [Buffer.from(text, encoding)] : [];
}
