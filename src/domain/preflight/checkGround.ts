import type { Finding } from "../failure.ts";
import { RULES } from "./catalogue.ts";
import type { Ground } from "./ground.ts";

const SEVERITIES: readonly Finding["severity"][] = ["blocks", "warns", "notes"];

/** What stands in the way of a build, or may: what blocks it first. */
export function checkGround(ground: Ground): Finding[] {
  const { topology } = ground.plan;
  return RULES.filter(({ topologies }) => topologies.includes(topology.kind))
    .flatMap((rule) => rule.check(ground))
    .map((finding) => withAcceptance(finding, ground))
    .toSorted((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity));
}

/** A recipe can put up with what does not block. */
function withAcceptance(finding: Finding, { plan }: Ground): Finding {
  const accepted = plan.accept.find(({ code }) => code === finding.code);
  return accepted && !isBlocking(finding) ? { ...finding, accepted: accepted.reason } : finding;
}

export function isBlocking({ severity }: Finding): boolean {
  return severity === "blocks";
}
