import { problem, type Problem } from "../domain/problem.ts";

/** A header that no form can send and no page of another origin without having been asked first. */
export const REQUEST_HEADER = "x-goldsmith-request";

/**
 * What is wrong with a write that a browser sends for a page: of which origin the page is, only a browser tells. What is
 * not from a browser has none, and nothing is asked of it.
 */
export function browserProblem(headers: Headers, allowedOrigins: readonly string[]): Problem | undefined {
  const origin = headers.get("origin");
  if (origin === null && headers.get("sec-fetch-site") === null) return undefined;
  if (origin === null || !allowedOrigins.includes(origin)) {
    return problem(403, "origin-not-allowed", "Pages of that origin may not write; see GOLDSMITH_ALLOWED_ORIGINS.");
  }
  if (headers.get(REQUEST_HEADER) === "1") return undefined;
  return problem(403, "request-header-missing", "A page that writes has to send the header X-Goldsmith-Request: 1.");
}

/** What a browser has to be told so that a page of an allowed origin sees the answer: nothing for others. */
export function sharedWith(headers: Headers, allowedOrigins: readonly string[]): Record<string, string> {
  const origin = headers.get("origin");
  if (origin === null || !allowedOrigins.includes(origin)) return {};
  return {
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Expose-Headers": "ETag, Location, Retry-After",
    Vary: "Origin",
  };
}

/** What a browser asks before it sends a page's request: which methods and headers may it have. */
export const PREFLIGHT_HEADERS = {
  "Access-Control-Allow-Headers":
    "Authorization, Content-Type, Idempotency-Key, If-None-Match, Range, X-Goldsmith-Key, X-Goldsmith-Request",
  "Access-Control-Max-Age": "600",
};
