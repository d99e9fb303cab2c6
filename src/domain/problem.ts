/** An answer to a request that cannot be granted: RFC 9457, with members of our own behind the standard ones. */
export interface Problem {
  /** A URN: what kind of problem, fit for a program to tell them apart. */
  type: string;
  title: string;
  status: number;
  detail: string;
  [member: string]: unknown;
}

const TITLES = {
  400: "Bad request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  409: "Conflict",
  413: "Content too large",
  415: "Unsupported media type",
  416: "Range not satisfiable",
  500: "Internal error",
  503: "Service unavailable",
} as const;

export type ProblemStatus = keyof typeof TITLES;

export function problem(
  status: ProblemStatus,
  kind: string,
  detail: string,
  members: Record<string, unknown> = {},
): Problem {
  return { type: `urn:goldsmith:problem:${kind}`, title: TITLES[status], status, detail, ...members };
}
