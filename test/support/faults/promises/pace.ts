import type { Evidence } from "../evidence.ts";
import type { Answered } from "../watchedWorld.ts";

/** The engine cuts pauses to whole seconds and may be one early. */
const EARLY_SECONDS = 2;
/** Answers with which Azure may tell when to ask again, by whether the next request is the same or a look at it. */
const NEXT: Record<number, "same" | "look"> = { 429: "same", 503: "same", 201: "look", 202: "look" };

/** Q: nothing is asked again before the time that Azure named, and so little that Azure itself never throttles. */
export function brokenPace({ answers, requests, cloudAheadSeconds }: Evidence): string[] {
  const early = answers.flatMap((answer, index) => {
    const { at, method, path, status, retryAfter = "" } = answer;
    const until = NEXT[status] && timeNamed(retryAfter, at, cloudAheadSeconds * 1000);
    const next = until && answers.slice(index + 1).find((one) => isNext(answer, one));
    if (!until || !next || next.at >= until - EARLY_SECONDS * 1000) return [];
    return [`Q: ${method} ${path} was asked again after ${(next.at - at) / 1000} s, told to wait "${retryAfter}"`];
  });
  const throttled = requests.filter(({ status, fault }) => status === 429 && fault === undefined);
  return [...early, ...(throttled.length > 0 ? [`Q: Azure itself throttled ${throttled.length} requests`] : [])];
}

function isNext({ status, method, path }: Answered, next: Answered): boolean {
  return next.path === path && next.method === (NEXT[status] === "look" ? "GET" : method);
}

/**
 * By RFC 9110: digits are seconds, anything else is a date as the web writes dates, or nothing. Read here by itself, so
 * that a mistake of the service's own reading shows.
 */
function timeNamed(header: string, at: number, cloudAhead: number): number | undefined {
  const text = header.trim();
  const seconds = Number(text);
  if (Number.isInteger(seconds) && String(seconds) === text) return seconds < 0 ? undefined : at + seconds * 1000;
  const date = new Date(text);
  const isHttpDate = !Number.isNaN(date.getTime()) && date.toUTCString() === text;
  return isHttpDate ? date.getTime() - cloudAhead : undefined;
}
