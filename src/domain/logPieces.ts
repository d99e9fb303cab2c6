/** Bytes of a log that a piece has, but for its last line. */
export const PIECE_BYTES = 64 * 1024;
/** A line that is longer than this behind a piece's end is cut. */
const LONGEST_REST = 16 * 1024;
const LINE_END = 10;

/** In how many pieces a log of so many bytes is told. */
export function piecesOf(bytes: number): number {
  return Math.ceil(bytes / PIECE_BYTES);
}

/** The bytes from which a piece can be cut. @param number from 0. @param to the first byte behind them. */
export function bytesAround(number: number, bytes: number): { from: number; to: number } {
  const from = Math.max(0, number * PIECE_BYTES - 1);
  return { from, to: Math.min(bytes, (number + 1) * PIECE_BYTES + LONGEST_REST) };
}

/**
 * A piece of a log: it begins and ends with a line, and where that is very long, with a character. Where it does follows
 * from the log alone, so that each piece is the same whoever cuts it, and all of them together are the log.
 *
 * @param around what `bytesAround` tells.
 */
export function pieceIn(around: Uint8Array, number: number, bytes: number): string {
  const { from } = bytesAround(number, bytes);
  const begin = number === 0 ? 0 : boundaryAfter(around, number * PIECE_BYTES - from);
  const end =
    (number + 1) * PIECE_BYTES >= bytes ? around.length : boundaryAfter(around, (number + 1) * PIECE_BYTES - from);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(around.subarray(begin, end));
}

/** Behind the first line that ends at this place or after it. */
function boundaryAfter(around: Uint8Array, place: number): number {
  const lineEnd = around.subarray(0, place + LONGEST_REST).indexOf(LINE_END, place - 1);
  if (lineEnd >= 0) return lineEnd + 1;
  let at = place;
  // The first byte of a character is none of 10xxxxxx.
  while (at < around.length && ((around[at] ?? 0) & 0xc0) === 0x80) at += 1;
  return at;
}
