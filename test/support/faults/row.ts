import type { Evidence } from "./evidence.ts";
import type { Setting, Stage } from "./stage.ts";

/** A fault, and where it can strike. */
export interface Row {
  /** Its number in the list of faults. */
  fault: number;
  what: string;
  /** By the moment at which it strikes; the first is the one of the short run. */
  phases: Record<string, Phase>;
}

/** How a fault strikes at one moment, and what must then be so beside the promises. */
export interface Phase {
  strike: (stage: Stage) => unknown;
  shows: Expectation[];
  setting: Setting;
}

/** @returns what is not so; undefined where all is well. */
export type Expectation = (evidence: Evidence) => string | undefined;

export function phase(strike: Phase["strike"], ...shows: Expectation[]): Phase {
  return { strike, shows, setting: {} };
}

export function phaseWith(setting: Setting, strike: Phase["strike"], ...shows: Expectation[]): Phase {
  return { strike, shows, setting };
}

/** A sentence of what must be so, with how to see it. */
export function shows(what: string, isSo: (evidence: Evidence) => boolean): Expectation {
  return (evidence) => (isSo(evidence) ? undefined : `not so: ${what}`);
}
