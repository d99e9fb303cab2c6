import { createHash } from "node:crypto";
import type { BesideFile } from "../../src/domain/recipes/beside.ts";

/** A file beside recipes, as it is read. */
export function besideFile(content: string | Uint8Array): BesideFile {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  return { kind: "file", bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}
