import { z } from "zod";
import { type Caller, isGranted } from "./caller.ts";
import { component } from "./component.ts";

export const CHECKS = ["settings", "token", "azure", "storage", "engine", "recipes", "regions", "sweeper"] as const;
export type CheckName = (typeof CHECKS)[number];

/** What a check has found out. */
export interface Checked {
  state: "passes" | "fails" | "unknown";
  /** What was seen. */
  seen: string;
  /** What to do where it does not pass. */
  mend?: string;
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

export const Health = component(
  "Health",
  z.strictObject({
    state: z.literal("healthy"),
    at: z.iso.datetime().describe("When it was looked: answers are kept for some seconds."),
    checks: z.array(HealthCheck),
  }),
);

export type Findings = Readonly<Record<CheckName, Checked>>;

export function toldTo(caller: Pick<Caller, "roles" | "limits">, findings: Findings): HealthCheck[] {
  const mayRead = (["Reader", "Operator"] as const).some((role) => isGranted(caller as Caller, role, undefined));
  return CHECKS.map((name) => {
    const { state, seen, mend } = findings[name];
    return { name, state, ...(mayRead ? { seen, ...(mend === undefined ? {} : { mend }) } : {}) };
  });
}
