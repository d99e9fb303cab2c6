import * as z from "zod";
import { encodingOf } from "../jsonFile.ts";

/** A file in the recipes' folder or below, with what `sha256sum` tells of it; or why it cannot be read. */
export type BesideFile = { kind: "file"; bytes: Uint8Array; sha256: string } | Unreadable;

export interface Unreadable {
  kind: "unreadable";
  message: string;
}

/**
 * Reads a file that lies beside the recipes.
 *
 * @param path from the recipes' folder, as `besidePath` takes it.
 * @param largest in bytes: what is larger is not read.
 */
export type ReadBeside = (path: string, largest: number) => BesideFile;

/** Without a flag, for editors have the pattern from the JSON Schema. */
const CONTROL = String.raw`\u0000-\u001f\u007f-\u009f`;
const PART = String.raw`[^./\\:${CONTROL}][^/\\:${CONTROL}]*`;
const BELOW = new RegExp(String.raw`^(?=.{1,200}$)(${PART}/)*${PART}$`);

/** The path of a file beside the recipes or in a folder there: no part begins with a full stop, so none leads up. */
export function besidePath(example: string) {
  const error = `takes the path of a file below the recipe's folder, as in ${example}, no part of which begins with a full stop`;
  return z.string().regex(BELOW, { error, abort: true });
}

export const scriptPath = besidePath("scripts/harden.sh");

/** What is no text by its encoding cannot be read as one. */
export function textOf(file: BesideFile): { kind: "text"; text: string } | Unreadable {
  if (file.kind === "unreadable") return file;
  try {
    return { kind: "text", text: new TextDecoder(encodingOf(file.bytes), { fatal: true }).decode(file.bytes) };
  } catch {
    return { kind: "unreadable", message: "is not UTF-8" };
  }
}

export function largerThan(bytes: number): string {
  const mebi = bytes / 1024 / 1024;
  return `is larger than ${mebi < 1 ? `${bytes / 1024} KiB` : `${mebi} MiB`}`;
}
