/** Lines that say nothing, made when they are read: a log of a gigabyte takes no memory. Each is of the same length. */
const LINE_BYTES = 128;
const CHUNK_LINES = 512;

function line(number: number): string {
  const text = `PACKER OUT     azure-arm: Get:${number} http://azure.archive.ubuntu.com/ubuntu noble/main amd64 package-${number}`;
  return `${text.padEnd(LINE_BYTES - 1)}\n`;
}

/** The bytes from `from` up to `to`, in pieces. */
export function* filler(from: number, to: number): Generator<Buffer> {
  for (let at = from; at < to;) {
    const first = Math.floor(at / LINE_BYTES);
    const lines = Array.from({ length: CHUNK_LINES }, (_, index) => line(first + index));
    const piece = Buffer.from(lines.join(""), "latin1").subarray(at - first * LINE_BYTES, to - first * LINE_BYTES);
    yield piece;
    at += piece.length;
  }
}
