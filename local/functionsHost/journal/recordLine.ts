import { crc32 } from "node:zlib";

/** A record as a line of the journal file: a checksum of the text (8 hex digits), a blank, the text, an end of line. */
export function lineOf(record: unknown): string {
  const text = JSON.stringify(record);
  return `${checksum(text)} ${text}\n`;
}

/** The record of a line without its end; undefined when the line is damaged. */
export function recordOf(line: string): unknown {
  const text = line.slice(9);
  if (line[8] !== " " || line.slice(0, 8) !== checksum(text)) return undefined;
  return JSON.parse(text);
}

const checksum = (text: string) => crc32(text).toString(16).padStart(8, "0");
