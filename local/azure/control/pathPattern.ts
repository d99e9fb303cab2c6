/**
 * A path with a `*` that repeats nothing is a glob over the whole path, in which `*` is any text; any other is a regular
 * expression over any part of it. Case does not count.
 */
export function pathPattern(path: string): RegExp {
  const glob = /(^|[^.\])\\\w])\*/.test(path);
  if (!glob) return new RegExp(path, "i");
  const source = path.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*+/g, ".*");
  return new RegExp(`^${source}$`, "i");
}
