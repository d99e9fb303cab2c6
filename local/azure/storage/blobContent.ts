import { createHash } from "node:crypto";
import type { Azure } from "../azure.ts";
import type { HttpAnswer, HttpRequest } from "../server/http.ts";
import { BlobError } from "./blobErrors.ts";
import { readRange } from "./blobRange.ts";
import type { Blob } from "./storageAccounts.ts";

/** A GET or HEAD of a blob, whole or in part. */
export function blobContent(azure: Azure, request: HttpRequest, blob: Blob): HttpAnswer {
  const content = contentOf(azure, blob);
  const headers = { ...blobHeaders(azure, blob), "content-type": blob.contentType, "accept-ranges": "bytes" };
  const range = readRange(request.headers["x-ms-range"] ?? request.headers.range, content.length);
  if (
    request.headers["if-match"] &&
    request.headers["if-match"] !== headers.etag &&
    request.headers["if-match"] !== "*"
  ) {
    throw new BlobError(412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");
  }
  if (request.method === "HEAD")
    return { status: 200, headers: { ...headers, "content-length": String(content.length) } };
  if (!range) return { status: 200, headers, body: content };
  const [from, to] = range;
  const part = content.subarray(from, to + 1);
  return { status: 206, headers: { ...headers, "content-range": `bytes ${from}-${to}/${content.length}` }, body: part };
}

export function contentOf({ now }: Azure, { lines }: Blob): Buffer {
  return Buffer.from(
    lines
      .filter(({ at }) => at <= now)
      .map(({ text }) => `${text}\n`)
      .join(""),
  );
}

/** A log changes with each line that is added to it. */
export function blobHeaders(
  { now }: Azure,
  { createdAt, lines }: Blob,
): Record<"last-modified" | "etag", string> & Record<string, string> {
  const newest = lines.reduce((latest, { at }) => (at <= now ? Math.max(latest, at) : latest), createdAt);
  const count = lines.filter(({ at }) => at <= now).length;
  const etag = createHash("md5").update(`${newest} ${count}`).digest("hex").slice(0, 15).toUpperCase();
  return {
    "last-modified": new Date(newest).toUTCString(),
    etag: `"0x${etag}"`,
    "x-ms-creation-time": new Date(createdAt).toUTCString(),
    "x-ms-blob-type": "BlockBlob",
    "x-ms-lease-status": "unlocked",
    "x-ms-lease-state": "available",
    "x-ms-server-encrypted": "true",
  };
}
