import type { Finding, FindingOwner } from "../failure.ts";
import type { Topology } from "../topology.ts";
import type { Ground } from "./ground.ts";

/** What is told of every finding of one code, whatever was seen. */
export interface Kind {
  severity: Finding["severity"];
  owner: FindingOwner;
  /** Why it matters. */
  why: string;
  /** Why the mend is not always a command of `az`; undefined where it always is. */
  noCommand?: string;
  /** The same of Bicep. */
  noBicep?: string;
}

/** A mend that people make. */
export const byHand = (reason: string) => ({ noCommand: reason, noBicep: reason });
export const IN_RECIPE = byHand("The recipe has to change, which is no resource of Azure's.");
export const IN_SETTINGS = byHand("The service's settings have to change, and hold more than this build knows.");
/** Of a mend that a command makes. */
export const TAKEN_AWAY = { noBicep: "Bicep says what is to be there, and takes nothing away." };

/** What is told of one finding beside: what was seen at which resource, and what mends it there. */
export type Sight = Pick<Finding, "resource" | "seen" | "mend" | "command" | "bicep">;

/** Something that has to hold before a build can work, and what is found where it does not. */
export interface Rule {
  /** Kebab-case. */
  name: string;
  /** As a sentence, for docs/preflight.md. */
  holds: string;
  /** Builds that it is about. */
  topologies: readonly Topology["kind"][];
  /** By their codes, everything that the rule can find. */
  findings: Readonly<Record<string, Kind>>;
  /** Says nothing of what could not be read: the rule `readable` does, for all of them. */
  check: (ground: Ground) => Finding[];
}

export const EVERY_TOPOLOGY: Rule["topologies"] = ["none", "private link", "isolated"];
/** Those in a virtual network of the company's own. */
export const OWN_NETWORK: Rule["topologies"] = ["private link", "isolated"];

/** A rule whose findings are those that it says it has. */
export function rule<Code extends string>({
  check,
  ...about
}: Omit<Rule, "findings" | "check"> & {
  findings: Readonly<Record<Code, Kind>>;
  check: (ground: Ground, find: (code: Code, sight: Sight) => Finding) => Finding[];
}): Rule {
  const find = (code: Code, sight: Sight): Finding => {
    const { severity, owner, why } = about.findings[code];
    return { code, severity, owner, why, ...sight };
  };
  return { ...about, check: (ground) => check(ground, find) };
}
