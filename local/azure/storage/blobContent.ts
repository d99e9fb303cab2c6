import { createHash } from "node:crypto";
import type { Azure } from "../azure.ts";
import type { HttpAnswer, HttpRequest } from "../server/http.ts";
import { BlobError } from "./blobErrors.ts";
import { filler } from "./blobFiller.ts";
import { readRange } from "./blobRange.ts";
import type { Blob } from "./storageAccounts.ts";

/** A GET or HEAD of a blob, whole or in part. */
export function blobContent(azure: Azure, request: HttpRequest, blob: Blob): HttpAnswer {
  const length = lengthOf(azure, blob);
  const headers = { ...blobHeaders(azure, blob), "content-type": blob.contentType, "accept-ranges": "bytes" };
  const range = readRange(request.headers["x-ms-range"] ?? request.headers.range, length);
  if (
    request.headers["if-match"] &&
    request.headers["if-match"] !== headers.etag &&
    request.headers["if-match"] !== "*"
  ) {
    throw new BlobError(412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");
  }
  if (request.method === "HEAD") return { status: 200, headers: { ...headers, "content-length": String(length) } };
  const [from, to] = range ?? [0, length - 1];
  const whole = { ...headers, "content-length": String(to + 1 - from) };
  const stream = () => contentOf(azure, blob, from, to + 1);
  if (!range) return { status: 200, headers: whole, stream };
  return { status: 206, headers: { ...whole, "content-range": `bytes ${from}-${to}/${length}` }, stream };
}

/** The lines that are there by now, with the filler after the first of them. */
function partsOf({ now }: Azure, { lines, fillerBytes = 0 }: Blob): [head: Buffer, fillerBytes: number, tail: Buffer] {
  const [head = "", ...tail] = lines.filter(({ at }) => at <= now).map(({ text }) => `${text}\n`);
  return [Buffer.from(head), head ? fillerBytes : 0, Buffer.from(tail.join(""))];
}

export function lengthOf(azure: Azure, blob: Blob): number {
  const [head, between, tail] = partsOf(azure, blob);
  return head.length + between + tail.length;
}

function* contentOf(azure: Azure, blob: Blob, from: number, to: number): Generator<Buffer> {
  const [head, between, tail] = partsOf(azure, blob);
  const afterFiller = head.length + between;
  if (from < head.length) yield head.subarray(from, to);
  yield* filler(Math.max(0, from - head.length), Math.min(between, to - head.length));
  if (to > afterFiller) yield tail.subarray(Math.max(0, from - afterFiller), to - afterFiller);
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
