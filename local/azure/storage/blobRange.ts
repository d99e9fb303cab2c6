import { invalidRange } from "./blobErrors.ts";

/**
 * @returns the first and last byte that `Range: bytes=…` means, or nothing where there is none that is understood.
 * @throws BlobError 416 where it begins beyond the end.
 */
export function readRange(header: string | undefined, length: number): [from: number, to: number] | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined) return undefined;
  const from = Number(first);
  const to = last ? Math.min(Number(last), length - 1) : length - 1;
  if (from >= length || to < from) throw invalidRange();
  return [from, to];
}
