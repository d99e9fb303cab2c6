import { createHash } from "node:crypto";
import type { Azure } from "../azure.ts";
import type { HttpAnswer, HttpRequest } from "../server/http.ts";
import { blobErrors } from "./blobErrors.ts";
import type { Blob } from "./storageAccounts.ts";

/** A GET or HEAD of a blob, whole or in part. */
export function blobContent(azure: Azure, request: HttpRequest, blob: Blob): HttpAnswer {
  const length = lengthOf(azure, blob);
  const headers = { ...blobHeaders(azure, blob), "content-type": blob.contentType, "accept-ranges": "bytes" };
  const range = readRange(request.headers["x-ms-range"] ?? request.headers.range, length);
  const wanted = request.headers["if-match"] || "*";
  if (wanted !== "*" && wanted !== headers.etag) throw blobErrors.ConditionNotMet();
  if (request.method === "HEAD") return { status: 200, headers: { ...headers, "content-length": String(length) } };
  const [from, to] = range ?? [0, length - 1];
  const whole = { ...headers, "content-length": String(to + 1 - from) };
  const stream = () => contentOf(azure, blob, from, to + 1);
  if (!range) return { status: 200, headers: whole, stream };
  return { status: 206, headers: { ...whole, "content-range": `bytes ${from}-${to}/${length}` }, stream };
}

/**
 * @returns the first and last byte that `Range: bytes=…` means, or nothing where there is none that is understood.
 * @throws AzureError 416 where it begins beyond the end.
 */
function readRange(header: string | undefined, length: number): [from: number, to: number] | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined) return undefined;
  const from = Number(first);
  const to = last ? Math.min(Number(last), length - 1) : length - 1;
  if (from >= length || to < from) throw blobErrors.InvalidRange();
  return [from, to];
}

/** The lines that are there by now, with the filler after the first of them; or all that was written. */
function partsOf(
  { now }: Azure,
  { lines, fillerBytes = 0, content }: Blob,
): [head: Buffer, fillerBytes: number, tail: Buffer] {
  if (content !== undefined) return [Buffer.from(content, "base64"), 0, Buffer.alloc(0)];
  const [head = "", ...tail] = lines.filter(({ at }) => at <= now).map(({ text }) => `${text}\n`);
  return [Buffer.from(head), head ? fillerBytes : 0, Buffer.from(tail.join(""))];
}

/** All that there is of it now. */
export const bytesOf = (azure: Azure, blob: Blob): Buffer =>
  Buffer.concat([...contentOf(azure, blob, 0, lengthOf(azure, blob))]);

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
  { createdAt, lines, isPageBlob, content = "" }: Blob,
): Record<"last-modified" | "etag", string> & Record<string, string> {
  const newest = lines.reduce((latest, { at }) => (at <= now ? Math.max(latest, at) : latest), createdAt);
  const count = lines.filter(({ at }) => at <= now).length;
  const etag = createHash("md5").update(`${newest} ${count}${content}`).digest("hex").slice(0, 15).toUpperCase();
  return {
    "last-modified": new Date(newest).toUTCString(),
    etag: `"0x${etag}"`,
    "x-ms-creation-time": new Date(createdAt).toUTCString(),
    "x-ms-blob-type": isPageBlob ? "PageBlob" : "BlockBlob",
    "x-ms-lease-status": "unlocked",
    "x-ms-lease-state": "available",
    "x-ms-server-encrypted": "true",
  };
}

/** Lines that say nothing, made when they are read: a log of a gigabyte takes no memory. Each is of the same length. */
const LINE_BYTES = 128;
const CHUNK_LINES = 512;

function line(number: number): string {
  const text = `PACKER OUT     azure-arm: Get:${number} http://azure.archive.ubuntu.com/ubuntu noble/main amd64 package-${number}`;
  return `${text.padEnd(LINE_BYTES - 1)}\n`;
}

/** The bytes from `from` up to `to`, in pieces. */
function* filler(from: number, to: number): Generator<Buffer> {
  for (let at = from; at < to;) {
    const first = Math.floor(at / LINE_BYTES);
    const lines = Array.from({ length: CHUNK_LINES }, (_, index) => line(first + index));
    const piece = Buffer.from(lines.join(""), "latin1").subarray(at - first * LINE_BYTES, to - first * LINE_BYTES);
    yield piece;
    at += piece.length;
  }
}
