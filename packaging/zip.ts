import { type ZipOptions, type ZippableFile, zipSync } from "fflate";

/** The first date that a zip knows; told by parts, it is the same in every time zone. */
const MADE = new Date(1980, 0, 1);
/** Unix, and files that their owner may write and everybody read. */
const UNIX = 3;
const MODE = 0o100644;

const OPTIONS: ZipOptions = { level: 9, mtime: MADE, os: UNIX, attrs: MODE << 16 };

/** The same bytes for the same files in the same order: no dates, no users, and a compressor that is no part of Node. */
export function zip(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  // Whatever else a Buffer is of, the compressor takes plain bytes.
  const entries = [...files].map(([path, bytes]): [string, ZippableFile] => [path, [new Uint8Array(bytes), OPTIONS]]);
  return zipSync(Object.fromEntries(entries));
}
