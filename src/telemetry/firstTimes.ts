/** Keys that are remembered: far more than a host tells of while a step can still be delivered a second time. */
const MOST = 10_000;

/** @returns whether a key comes for the first time, as far as it is remembered. */
export function firstTimes(): (key: string) => boolean {
  const seen = new Set<string>();
  return (key) => {
    if (seen.has(key)) return false;
    seen.add(key);
    const [oldest] = seen;
    if (seen.size > MOST && oldest !== undefined) seen.delete(oldest);
    return true;
  };
}
