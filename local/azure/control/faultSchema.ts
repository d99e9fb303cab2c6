import { z } from "zod";
import { pathPattern } from "./pathPattern.ts";

const path = z.string().refine(isPattern, { error: "is not a regular expression or a glob" });

const requestFault = z.strictObject({
  kind: z.enum(["respond", "loseReply", "reset", "delay"]).default("respond"),
  method: z.string().optional(),
  /** A regular expression or a glob, over the path without its query. */
  path: path.optional(),
  /** How often it strikes; without it, always. */
  count: z.int().min(1).optional(),
  /** How often it strikes of the requests that it concerns, by the seed. */
  probability: z.number().min(0).max(1).optional(),
  /** So many requests that it concerns are let through first. */
  after: z.int().min(0).optional(),
  status: z.int().min(400).max(599).optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  headers: z.record(z.string().regex(/^[!#$%&'*+.^`|~\w-]+$/), z.string().regex(/^[\t\x20-\x7e]*$/)).optional(),
  /** Seconds of the clock before anything else. */
  delaySeconds: z.number().min(0).max(86_400).optional(),
});

const grant = { role: z.string().optional(), scope: z.string().optional(), principal: z.string().optional() };

const scenario = z.discriminatedUnion("scenario", [
  /** Role assignments made from now on are there, and never take effect. */
  z.strictObject({ scenario: z.literal("grant-never-propagates"), ...grant }),
  /** Role assignments made or removed from now on are noticed after so long. */
  z.strictObject({ scenario: z.literal("grant-propagates-in"), seconds: z.number().min(0), ...grant }),
  /** The customizer of that name exits with 1, having said `line`. */
  z.strictObject({ scenario: z.literal("customizer-fails"), customizer: z.string(), line: z.string().optional() }),
  /** Runs that are cancelled from now on stay Canceling. */
  z.strictObject({ scenario: z.literal("cancel-hangs") }),
]);

export type RequestFault = z.infer<typeof requestFault>;
export type Fault = RequestFault | z.infer<typeof scenario>;
/** As it is asked for: `kind` may be left out. */
export type FaultInput = z.input<typeof requestFault> | z.input<typeof scenario>;

/** @throws Error with each thing that is wrong. */
export function parseFaults(input: unknown): Fault[] {
  const items: unknown[] = Array.isArray(input) ? input : [input];
  return items.map((item) => {
    const isScenario = typeof item === "object" && item !== null && "scenario" in item;
    const parsed = (isScenario ? scenario : requestFault).safeParse(item);
    if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
    const fault = parsed.data;
    if (!("scenario" in fault)) requireComplete(fault);
    return fault;
  });
}

function requireComplete({ kind, status, delaySeconds }: RequestFault): void {
  if (kind === "respond" && status === undefined) throw new Error('A fault of kind "respond" needs a status.');
  if (kind === "delay" && delaySeconds === undefined) throw new Error('A fault of kind "delay" needs delaySeconds.');
}

function isPattern(path: string): boolean {
  try {
    return Boolean(pathPattern(path));
  } catch {
    return false;
  }
}
