/** Bytes from the first to before the last; or that there are none of these. */
export type ByteRange = { kind: "part"; from: number; to: number } | { kind: "whole" } | { kind: "unsatisfiable" };

/**
 * What a request wants of so many bytes (RFC 9110, section 14). What is no range of bytes is not minded, nor are several.
 *
 * @param range of `Range`, @param ifRange of `If-Range`; null where it has none.
 */
export function byteRangeOf(
  { range, ifRange }: { range: string | null; ifRange: string | null },
  { bytes, etag }: { bytes: number; etag: string },
): ByteRange {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/i.exec(range?.trim() ?? "") ?? [];
  const isBackwards = first !== "" && last !== "" && Number(last) < Number(first);
  if ((first === "" && last === "") || isBackwards || (ifRange !== null && ifRange !== etag)) return { kind: "whole" };
  const from = first === "" ? Math.max(0, bytes - Number(last)) : Number(first);
  const to = first === "" || last === "" ? bytes : Math.min(bytes, Number(last) + 1);
  return from < to ? { kind: "part", from, to } : { kind: "unsatisfiable" };
}
