import * as z from "zod";
import { type Caller, isGranted } from "./caller.ts";
import { component } from "./component.ts";
import type { SettingFault } from "./notReady.ts";

export const CHECKS = ["settings", "token", "azure", "storage", "engine", "recipes", "regions", "sweeper"] as const;
export type CheckName = (typeof CHECKS)[number];

/** What a check has found out. */
export interface Checked {
  state: "passes" | "fails" | "unknown";
  /** What was seen. */
  seen: string;
  /** What to do where it does not pass. */
  mend?: string;
  /** Settings that it has found wrong. */
  faults?: readonly SettingFault[];
}

/** A check as it is told: what was seen may name what is nobody else's business, and only who may read is told. */
export const HealthCheck = component(
  "HealthCheck",
  z.strictObject({
    name: z.enum(CHECKS),
    state: z
      .enum(["passes", "fails", "unknown"])
      .describe("`unknown`: it says nothing yet, or cannot be asked for want of what another check misses."),
    seen: z.string().exactOptional().describe("For Reader and Operator: what was seen."),
    mend: z.string().exactOptional().describe("For Reader and Operator: what to do."),
  }),
);
export type HealthCheck = z.infer<typeof HealthCheck>;

/** What of the service itself goes with the checks, whether or not all is well. */
export const HealthVersion = z.string().exactOptional().describe("For Reader and Operator: the service's own version.");

export const Health = component(
  "Health",
  z.strictObject({
    state: z.literal("healthy"),
    at: z.iso.datetime().describe("When it was looked: answers are kept for some seconds."),
    version: HealthVersion,
    checks: z.array(HealthCheck),
  }),
);

export type Findings = Readonly<Record<CheckName, Checked>>;

type Asking = Pick<Caller, "roles" | "limits">;

export function toldTo(caller: Asking, findings: Findings): HealthCheck[] {
  const isTold = mayRead(caller);
  return CHECKS.map((name) => {
    const { state, seen, mend } = findings[name];
    return { name, state, ...(isTold ? { seen, ...(mend === undefined ? {} : { mend }) } : {}) };
  });
}

/** Whoever may not read could look up what is known to be wrong with it. */
export function versionFor(caller: Asking, version: string): { version?: string } {
  return mayRead(caller) ? { version } : {};
}

const mayRead = (caller: Asking) =>
  (["Reader", "Operator"] as const).some((role) => isGranted(caller as Caller, role, undefined));
