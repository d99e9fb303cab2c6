/**
 * How far a condition holds for a flow, which stands for many packets: for each of them, for none, for some and not for
 * others, or nobody here can tell.
 */
export type Match = "all" | "none" | "some" | "unknown";

/** Of alternatives, one of which has to hold. */
export function either(matches: readonly Match[]): Match {
  if (matches.includes("all")) return "all";
  if (matches.includes("unknown")) return "unknown";
  return matches.includes("some") ? "some" : "none";
}

/** The same of two: for what is asked hundreds of thousands of times. */
export function eitherOf(one: Match, other: Match): Match {
  if (one === "all" || other === "all") return "all";
  if (one === "unknown" || other === "unknown") return "unknown";
  return one === "some" || other === "some" ? "some" : "none";
}

/** The same of two. */
export function bothOf(one: Match, other: Match): Match {
  if (one === "none" || other === "none") return "none";
  if (one === "unknown" || other === "unknown") return "unknown";
  return one === "some" || other === "some" ? "some" : "all";
}

/** Of conditions that have to hold together. */
export function both(matches: readonly Match[]): Match {
  if (matches.includes("none")) return "none";
  if (matches.includes("unknown")) return "unknown";
  return matches.includes("some") ? "some" : "all";
}
