import { retryAfterSeconds } from "../../../../src/domain/retryAfter.ts";
import type { Evidence } from "../evidence.ts";

/** The engine cuts pauses to whole seconds and may be one early. */
const EARLY_SECONDS = 2;

/** Q: nothing is asked again before the time that Azure named, and so little that Azure itself never throttles. */
export function brokenPace({ answers, requests }: Evidence): string[] {
  const early = answers.flatMap(({ at, method, path, status, retryAfter }, index) => {
    const seconds = status === 429 ? retryAfterSeconds(retryAfter, new Date(at)) : undefined;
    const next = answers.slice(index + 1).find((one) => one.method === method && one.path === path);
    if (!seconds || !next || (next.at - at) / 1000 >= seconds - EARLY_SECONDS) return [];
    return [`Q: ${method} ${path} was asked again after ${(next.at - at) / 1000} s instead of ${seconds} s`];
  });
  const throttled = requests.filter(({ status, fault }) => status === 429 && fault === undefined);
  return [...early, ...(throttled.length > 0 ? [`Q: Azure itself throttled ${throttled.length} requests`] : [])];
}
