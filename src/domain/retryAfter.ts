/**
 * Longer than any grant can be held, with image builder's longest timeout (16 hours) and all that is around it: to wait
 * beyond that makes no sense, since nothing of a build that needs access is left to be done then.
 */
const LONGEST_SECONDS = 22 * 3600;

/**
 * Seconds that a `Retry-After` header asks to wait, as RFC 9110 writes it: whole seconds, or a date.
 *
 * @returns undefined where there is none, or none that makes sense.
 */
export function retryAfterSeconds(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? "";
  const asked = /^\d+$/.test(text) ? Number(text) : secondsUntil(text, now);
  return asked === undefined ? undefined : Math.min(asked, LONGEST_SECONDS);
}

function secondsUntil(date: string, now: Date): number | undefined {
  // Date.parse takes much that is no HTTP date, such as "-1".
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(date)) return undefined;
  const at = Date.parse(date);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}
