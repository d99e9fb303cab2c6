/** Whether a request has what it asks for already. @param header of `If-None-Match`; null where it has none. */
export function isKnown(header: string | null, etag: string): boolean {
  if (header === null) return false;
  const asked = header.split(",").map((one) => one.trim());
  return asked.includes("*") || asked.some((one) => strong(one) === strong(etag));
}

const strong = (etag: string) => etag.replace(/^W\//, "");
